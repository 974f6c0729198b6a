import process from 'node:process'
import { parseArgs } from 'node:util'
import type { StartFrom } from '@millrace/contracts'
import { catalogue, runtimes } from '@millrace/nodes'
import { createElasticsearchPort, createKafkaPort } from '@millrace/nodes/connectors'
import { createSignInToken } from './auth/sign-in-link.ts'
import { migrate } from './cli/migrate.ts'
import { publishCommand } from './cli/publish-command.ts'
import { seedDemo } from './cli/seed-demo.ts'
import { type Control, createControl } from './deployments/control.ts'
import { type Config, EnvironmentError, readEnvironment } from './environment.ts'
import { AppError } from './errors.ts'
import { ownOrigins } from './http/origins.ts'
import { createLog } from './log.ts'
import { createPrisma } from './plugins/prisma.ts'
import { createRedis } from './plugins/redis.ts'

const USAGE = `Usage: node api/src/cli.ts <command>
  migrate                                        brings the database up to date
  seed-demo [--kafka host:port] [--elasticsearch url]
                                                 makes the connections of the demo and, where there is no other,
                                                 its pipeline; prints its id
  publish <pipeline> [--start earliest|latest|<time>] [--once]
                                                 publishes a draft and waits until it runs; needs a running api;
                                                 once: only where nothing of the pipeline has run yet
  sign-in-link [--email address]                 prints a link that signs in once, within an hour; makes the user`

interface Options {
  readonly kafka?: string
  readonly elasticsearch?: string
  readonly start?: string
  readonly once?: boolean
  readonly email?: string
}

/** What a command is given. */
interface Call {
  readonly config: Config
  readonly control: Control
  readonly argument: string | undefined
  readonly options: Options
}

const COMMANDS: { readonly [name: string]: (call: Call) => Promise<void> } = {
  migrate: async ({ config }) => {
    await migrate(config.databaseUrl)
    console.log('The database is up to date.')
  },
  'seed-demo': async ({ control, options }) => {
    const kafka = options.kafka ?? `127.0.0.1:${process.env.MILLRACE_KAFKA_PORT || 19_092}`
    const elasticsearch =
      options.elasticsearch ?? `http://127.0.0.1:${process.env.MILLRACE_ES_PORT || 19_200}`
    const id = await seedDemo(control, { kafka, elasticsearch })
    if (id !== null) console.log(id)
  },
  publish: async ({ control, argument, options }) => {
    if (argument === undefined) throw new EnvironmentError([USAGE])
    const request = { start: readStart(options.start), isOnce: options.once === true }
    const outcome = await publishCommand(control, argument, request, console.log)
    if (outcome === 'failed') process.exitCode = 1
    if (outcome === 'already') console.log('There is nothing to publish.')
  },
  'sign-in-link': async ({ config, control, options }) => {
    const token = await createSignInToken(control.prisma, options.email ?? null)
    console.log(`${ownOrigins(config, () => config.port).main()}/sign-in?token=${token}`)
  },
}

async function main(): Promise<void> {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kafka: { type: 'string' },
      elasticsearch: { type: 'string' },
      start: { type: 'string' },
      once: { type: 'boolean' },
      email: { type: 'string' },
    },
  })
  const [name = '', argument] = positionals
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) throw new EnvironmentError([USAGE])
  const config = readEnvironment({ MILLRACE_LOG_LEVEL: 'warn', ...process.env })
  const log = createLog(config)
  const prisma = createPrisma(config.databaseUrl)
  const redis = createRedis(config.redisUrl, 'commands', log)
  const factories = { kafka: createKafkaPort, elasticsearch: createElasticsearchPort }
  const parts = { prisma, redis, catalogue, runtimes, log, config, factories, stepIsDue: () => undefined }
  const control = createControl(parts)
  try {
    await redis.connect().catch(() => undefined)
    await command({ config, control, argument, options })
  } finally {
    await control.ports.close()
    redis.disconnect()
    await prisma.$disconnect()
  }
}

function readStart(text = 'earliest'): StartFrom {
  if (text === 'earliest' || text === 'latest') return { kind: text }
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isSafeInteger(time)) return { kind: 'time', time }
  throw new EnvironmentError([
    '--start must be earliest, latest, a time such as 2026-11-23T14:00:00Z, or epoch ms.',
  ])
}

try {
  await main()
} catch (error) {
  const isTold = error instanceof EnvironmentError || error instanceof AppError
  console.error(isTold ? error.message : error)
  process.exit(1)
}
