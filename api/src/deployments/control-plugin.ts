import type { RuntimeCatalogue } from '@millrace/engine'
import type { Catalogue } from '@millrace/graph'
import fp from 'fastify-plugin'
import { removeExpired } from '../auth/sessions.ts'
import type { PortFactories } from '../connections/ports.ts'
import type { Config } from '../environment.ts'
import { Loop } from '../loop.ts'
import { type Control, createControl, type Patience } from './control.ts'
import { failpointFrom } from './failpoint.ts'
import { Reconciler } from './reconciler.ts'
import { StepQueue } from './step-queue.ts'
import { StepRunner } from './step-runner.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly control: Control
  }
}

/** What pipelines are made of and connected with. */
export interface ControlOptions {
  readonly config: Config
  readonly catalogue: Catalogue
  readonly runtimes: RuntimeCatalogue
  readonly factories: PortFactories
  readonly patience?: Patience
}

const DISPATCH_MS = 1_000
const RECONCILE_MS = 3_000
const TIDY_MS = 10 * 60_000

/** The control plane as `app.control`, and the loops that carry out and repair what was ordered. */
export const controlPlugin = fp<ControlOptions>(
  async (app, { config, ...parts }) => {
    const { prisma, redis, log } = app
    const stepIsDue = () => dispatcher.kick()
    const control = createControl({ prisma, redis, log, config, stepIsDue, ...parts })
    const queue = new StepQueue(
      config.redisUrl,
      new StepRunner(control, failpointFrom(config.failpoint)),
      log,
    )
    const reconciler = new Reconciler(control, queue)
    const dispatcher = new Loop('dispatcher', DISPATCH_MS, log, () => queue.dispatch(prisma))
    const loops = [
      dispatcher,
      new Loop('reconciler', RECONCILE_MS, log, () => reconciler.run()),
      new Loop('sessions', TIDY_MS, log, () => removeExpired(prisma)),
    ]
    app.decorate('control', control)
    app.addHook('onReady', async () => {
      await queue.start()
      for (const loop of loops) loop.kick()
    })
    app.addHook('onClose', async () => {
      await Promise.all(loops.map((loop) => loop.close()))
      await queue.close()
      await control.ports.close()
    })
  },
  { name: 'control', dependencies: ['prisma', 'redis'] },
)
