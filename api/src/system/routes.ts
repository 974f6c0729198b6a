import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { systemSchema } from '@millrace/contracts'
import { checkHealth, healthSchema } from './health.ts'
import { readSystem } from './system.ts'

/** `/api/health`, open, answered with 200 also while a server is down: the api itself is alive. And `/api/system`. */
export const systemRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/health',
    {
      schema: { summary: 'Whether the api, Postgres and Redis answer', response: { 200: healthSchema } },
      config: { access: 'open' },
    },
    () => checkHealth(app),
  )

  app.get(
    '/system',
    {
      schema: { summary: 'The servers behind Millrace, and the executors', response: { 200: systemSchema } },
    },
    () => readSystem(app.control),
  )
}
