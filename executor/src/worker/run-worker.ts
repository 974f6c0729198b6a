import { pino } from 'pino'
import { HeldLeases } from '../agent/held-leases.ts'
import { readEnvironment } from '../environment.ts'
import { KafkaClients } from '../kafka-clients.ts'
import { DriftBoard } from '../metrics/drift-board.ts'
import { FrameReader } from '../metrics/frame-reader.ts'
import { MetricsPublisher } from '../metrics/metrics-publisher.ts'
import type { FromWorker, ToWorker } from '../pod/messages.ts'
import { openRedis } from '../redis.ts'
import { type StateRedis, withStateCommands } from '../state/scripts.ts'
import { SESSION_PARTS, type SessionParts } from '../task/session-parts.ts'
import { TaskStarter } from '../task-starter.ts'
import { TaskHost } from './task-host.ts'

/** The rest is for batches, references, timers, and what the sizes of rows do not count. */
const STATE_SHARE = 0.3

/** What only the fault tests change. */
export interface WorkerParts {
  readonly parts: SessionParts
  /** Gives the connection over which state copies are kept. */
  stateRedis(redis: StateRedis): StateRedis
  /** What the heap has for state, bytes, all tasks together. */
  stateMemory(heapMb: number): number
}

const WORKER_PARTS: WorkerParts = {
  parts: SESSION_PARTS,
  stateRedis: (redis) => redis,
  stateMemory: (heapMb) => heapMb * STATE_SHARE * 2 ** 20,
}

/** A worker process: runs the tasks of one pipeline for the supervisor that started it, and ends with it. */
export function runWorker(changed: Partial<WorkerParts> = {}): void {
  const { parts, ...make } = { ...WORKER_PARTS, ...changed }
  const env = readEnvironment(process.env)
  const log = pino({ level: env.logLevel, base: { executor: env.executorId, worker: process.pid } })
  const redis = openRedis(env.redisUrl, `${env.executorId}:worker`, log)
  const stateRedis = make.stateRedis(
    withStateCommands(openRedis(env.redisUrl, `${env.executorId}:state`, log)),
  )
  const kafka = new KafkaClients(env.executorId, env.secretKey)
  const drift = new DriftBoard(() => Date.now())
  const frames = new FrameReader(openRedis(env.redisUrl, `${env.executorId}:frames`, log), drift, log)
  // The supervisor holds them, and tells when it renewed them.
  const leases = new HeldLeases(redis)
  // Shared by the tasks that are here now.
  const stateMemory = () => make.stateMemory(env.workerHeapMb) / Math.max(1, host.runners.length)
  const starter = new TaskStarter({ redis, stateRedis, leases, kafka, drift, parts, log, stateMemory })
  const host: TaskHost = new TaskHost({
    executor: env.executorId,
    leases,
    startTask: (task, ended) => starter.start(task, ended),
    tell,
  })
  new MetricsPublisher(redis, env.executorId, () => host.runners, log)

  frames.start()
  process.on('message', (message) => host.take(message as ToWorker))
  // Whoever is still at work then has lost its supervisor: its transactions are not finished.
  process.once('disconnect', () => process.exit(0))
  // Ctrl-C reaches every process of a terminal; the supervisor says what becomes of the tasks.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  tell({ kind: 'ready' })
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}
