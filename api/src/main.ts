import process from 'node:process'
import { catalogue, runtimes } from '@millrace/nodes'
import { createElasticsearchPort, createKafkaPort } from '@millrace/nodes/connectors'
import { buildApp } from './app.ts'
import { EnvironmentError, readEnvironment } from './environment.ts'
import { requireSafeAddress } from './http/listen-guard.ts'
import { createLog } from './log.ts'

/** Steps under way are carried on by the next process; nothing is worth waiting longer for. */
const SHUTDOWN_MS = 8_000

/** Starts the api and ends it on SIGINT and SIGTERM. */
async function main(): Promise<void> {
  const config = readEnvironment(process.env)
  const log = createLog(config)
  const factories = { kafka: createKafkaPort, elasticsearch: createElasticsearchPort }
  const app = await buildApp(config, { log, catalogue, runtimes, factories })
  await requireSafeAddress(
    config,
    async () => (await app.prisma.user.count({ where: { password: { not: null } } })) > 0,
  )
  const address = await app.listen({ host: config.host, port: config.port })
  log.info({ address }, 'the api listens')
  let isEnding = false
  const end = (signal: NodeJS.Signals) => {
    if (isEnding) return
    isEnding = true
    log.info({ signal }, 'the api ends')
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref()
    void app.close().finally(() => process.exit(0))
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}

try {
  await main()
} catch (error) {
  // Wrong settings have their own sentences; only the unexpected shows where it comes from.
  console.error(error instanceof EnvironmentError ? error.message : error)
  process.exit(1)
}
