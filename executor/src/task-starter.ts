import { type DeploymentSpec, type DesiredState, redisKeys } from '@millrace/contracts'
import { type Program, prepareProgram, type SinkConnector } from '@millrace/engine'
import { migrateNodes } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { createSinkConnector } from '@millrace/nodes/connectors'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { HeldLeases } from './agent/held-leases.ts'
import type { WantedTask } from './agent/wanted-tasks.ts'
import type { KafkaClients } from './kafka-clients.ts'
import type { DriftView } from './metrics/drift-board.ts'
import { askRedis } from './state/redis-down.ts'
import type { StateRedis } from './state/scripts.ts'
import type { SessionParts } from './task/session-parts.ts'
import { type TaskEndedError, TaskStopError } from './task/stop-error.ts'
import { TaskRunner } from './task/task-runner.ts'

/** A task whose lease is held. */
export type LeasedTask = Pick<WantedTask, 'identity' | 'leaseKey'>

/** What tasks are started with. */
export interface TaskStarterOptions {
  readonly redis: Redis
  readonly stateRedis: StateRedis
  readonly leases: HeldLeases
  readonly kafka: KafkaClients
  readonly drift: DriftView
  readonly parts: SessionParts
  /** About how many bytes the state of each task may take in memory, now. */
  stateMemory(): number
  readonly log: Logger
}

/** Starts tasks: joins the node catalogue, the connections and the deployment's spec. */
export class TaskStarter {
  readonly #options: TaskStarterOptions
  readonly #programs = new WeakMap<DeploymentSpec, Program>()

  constructor(options: TaskStarterOptions) {
    this.#options = options
  }

  /** Starts a task. */
  start({ identity, leaseKey }: LeasedTask, ended: (error: TaskEndedError) => void): TaskRunner {
    const { stateRedis, leases, kafka, drift, parts, log, stateMemory } = this.#options
    const { spec, sink } = identity
    return new TaskRunner({
      identity,
      redis: stateRedis,
      drift,
      parts,
      log,
      stateMemory,
      program: () => this.#program(spec),
      kafka: () => kafka.of(spec),
      connector: sink === null ? null : this.#connector(spec, sink),
      stillMine: () => this.#stillMine(spec, leaseKey),
      leaseRenewedAt: () => leases.get(leaseKey)?.renewedAt,
      ended,
    })
  }

  #program(spec: DeploymentSpec): Program {
    let program = this.#programs.get(spec)
    if (program === undefined) {
      // A spec may be older than this executor.
      program = prepareProgram(migrateNodes(spec.graph, catalogue).graph, catalogue, runtimes)
      this.#programs.set(spec, program)
    }
    return program
  }

  #connector(spec: DeploymentSpec, sink: string): SinkConnector {
    const { node } = this.#program(spec).node(sink)
    const connection = String(node.config.connection)
    const settings = spec.connections[connection]?.settings ?? {}
    return createSinkConnector(node, settings, this.#options.kafka.secretsOf(spec, connection))
  }

  async #stillMine({ deployment, generation }: DeploymentSpec, leaseKey: string): Promise<boolean> {
    if (!(await askRedis(this.#options.leases.confirm(leaseKey)))) return false
    const text = await askRedis(this.#options.redis.get(redisKeys.desired(deployment)))
    if (text === null) {
      throw new TaskStopError(
        'redis_unreachable',
        'Redis lost what should run; the task waits until the api has restored it.',
      )
    }
    const desired = JSON.parse(text) as DesiredState
    return desired.generation === generation || desired.drain?.generation === generation
  }
}
