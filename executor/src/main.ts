import { pino } from 'pino'
import { Agent } from './agent/agent.ts'
import { Deployments } from './agent/deployments.ts'
import { ExecutorRegister } from './agent/executor-register.ts'
import { Leases } from './agent/leases.ts'
import { tellStatus } from './agent/status-stream.ts'
import { Switchovers } from './agent/switchover.ts'
import { readEnvironment } from './environment.ts'
import { KafkaClients } from './kafka-clients.ts'
import { DriftBoard } from './metrics/drift-board.ts'
import { FrameReader } from './metrics/frame-reader.ts'
import { MetricsPublisher } from './metrics/metrics-publisher.ts'
import { openRedis } from './redis.ts'
import { SCRIPTS_WITHOUT_STAMP_CHECK, withStateCommands } from './state/scripts.ts'
import { TaskStarter } from './task-starter.ts'

/** Time in which tasks commit once more and hand over after SIGTERM. */
const GRACE_MS = 9_000

const env = readEnvironment(process.env)
const log = pino({ level: env.logLevel, base: { executor: env.executorId } })

const redis = openRedis(env.redisUrl, `${env.executorId}:agent`, log)
const stateRedis = withStateCommands(
  openRedis(env.redisUrl, `${env.executorId}:state`, log),
  env.withoutStampCheck ? SCRIPTS_WITHOUT_STAMP_CHECK : undefined,
)
const kafka = new KafkaClients(env.executorId, env.secretKey)

const leases = new Leases(redis, env.executorId)
const deployments = new Deployments(redis)
const register = new ExecutorRegister(redis, env.executorId)
const drift = new DriftBoard(() => Date.now())
const frames = new FrameReader(openRedis(env.redisUrl, `${env.executorId}:frames`, log), drift, log)
const starter = new TaskStarter({ redis, stateRedis, leases, kafka, drift, log })
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
  startTask: (wanted, ended) => starter.start(wanted, ended),
})
const metrics = new MetricsPublisher(redis, env.executorId, () => agent.runners, log)

agent.start()
frames.start()
log.info('executor is up')

async function shutDown(signal: string): Promise<void> {
  log.info({ signal }, 'handing tasks over')
  setTimeout(() => process.exit(1), GRACE_MS).unref()
  metrics.close()
  frames.close()
  await agent.stop()
  await register.remove().catch(() => {})
  await kafka.close()
  redis.disconnect()
  stateRedis.disconnect()
  process.exit(0)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shutDown(signal))
