import { redisKeys } from '@millrace/contracts'
import fp from 'fastify-plugin'
import { Loop } from '../loop.ts'
import { connectRedis, createRedis } from '../plugins/redis.ts'
import { removeOldFrames } from './history.ts'
import { LiveState } from './live-state.ts'
import { keepStatusEvents, removeOldEvents } from './status-history.ts'
import { StreamReader } from './stream-reader.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly live: LiveState
  }
}

const TICK_MS = 1_000
/** Metrics are read from so far back at the start, so that rates are known at once. */
const METRICS_BACK_MS = 10_000
const TIDY_MS = 10 * 60_000

/** What is going on, as `app.live`: reads metrics and status events, and keeps what lasts. */
export const livePlugin = fp<{ redisUrl: string }>(
  async (app, { redisUrl }) => {
    const { prisma, log } = app
    const live = new LiveState(app)
    app.decorate('live', live)
    const connections = [
      createRedis(redisUrl, 'commands', log),
      createRedis(redisUrl, 'commands', log),
    ] as const
    const metrics = { stream: redisKeys.metrics, field: 'batch', backMs: METRICS_BACK_MS } as const
    const status = { stream: redisKeys.status, field: 'event', backMs: null } as const
    const readers = [
      new StreamReader(connections[0], metrics, log, (entries) => live.accept(entries)),
      new StreamReader(connections[1], status, log, (entries) => keepStatusEvents(prisma, entries)),
    ]
    const loops = [
      new Loop('live', TICK_MS, log, () => live.tick()),
      new Loop('tidy', TIDY_MS, log, async () => {
        await removeOldFrames(prisma, Date.now())
        await removeOldEvents(prisma, Date.now())
      }),
    ]
    app.addHook('onReady', async () => {
      await Promise.all(connections.map(connectRedis))
      for (const reader of readers) reader.start()
      for (const loop of loops) loop.kick()
    })
    app.addHook('onClose', async () => {
      await Promise.all(loops.map((loop) => loop.close()))
      for (const connection of connections) connection.disconnect()
      await Promise.all(readers.map((reader) => reader.close()))
    })
  },
  { name: 'live', dependencies: ['prisma', 'redis'] },
)
