import { pino } from 'pino'
import { Agent } from '../agent/agent.ts'
import { Deployments } from '../agent/deployments.ts'
import { ExecutorRegister } from '../agent/executor-register.ts'
import { Leases } from '../agent/leases.ts'
import { tellStatus } from '../agent/status-stream.ts'
import { Switchovers } from '../agent/switchover.ts'
import { readEnvironment } from '../environment.ts'
import { KafkaClients } from '../kafka-clients.ts'
import { firstAttempt, openRedis } from '../redis.ts'
import { WorkerPool } from './worker-pool.ts'

/** Time in which tasks commit once more and hand over after SIGTERM. */
const GRACE_MS = 9_000

/**
 * A pod's supervisor, until SIGTERM: decides with the others which tasks run here, holds their leases, and has a worker
 * process for each pipeline that runs them.
 *
 * @param workerMain the file that a worker process runs
 */
export function runSupervisor(workerMain: string): void {
  const env = readEnvironment(process.env)
  const log = pino({ level: env.logLevel, base: { executor: env.executorId } })
  const redis = openRedis(env.redisUrl, `${env.executorId}:agent`, log)
  const kafka = new KafkaClients(env.executorId, env.secretKey)
  const leases = new Leases(redis, env.executorId)
  const deployments = new Deployments(redis)
  const register = new ExecutorRegister(redis, env.executorId)
  const workers = new WorkerPool({
    ...{ executor: env.executorId, main: workerMain, heapMb: env.workerHeapMb },
    ...{ leases, log },
  })
  const switchovers = new Switchovers({
    redis,
    deployments,
    log,
    clientOf: async (spec) => (await kafka.of(spec)).client,
    tell: tellStatus(redis, log),
  })
  const agent = new Agent({
    executor: env.executorId,
    redis,
    leases,
    deployments,
    register,
    switchovers,
    log,
    workers: () => workers.atWork,
    startTask: (wanted, ended) => workers.start(wanted, ended),
  })
  // A connection that is not there yet is no Redis out of reach.
  void firstAttempt(redis).then(() => {
    agent.start()
    log.info('executor is up')
  })

  const shutDown = async (signal: string): Promise<void> => {
    log.info({ signal }, 'handing tasks over')
    setTimeout(() => process.exit(1), GRACE_MS).unref()
    await agent.stop()
    workers.close()
    await register.remove().catch(() => {})
    await kafka.close()
    redis.disconnect()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shutDown(signal))
}
