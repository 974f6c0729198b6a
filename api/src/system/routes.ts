import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { checkHealth, healthSchema } from './health.ts'

/** `/api/health`: open, and answered with 200 also while a server is down: the api itself is alive. */
export const healthRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/health',
    {
      schema: { summary: 'Whether the api, Postgres and Redis answer', response: { 200: healthSchema } },
      config: { access: 'open' },
    },
    () => checkHealth(app),
  )
}
