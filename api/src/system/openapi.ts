import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import type { Access } from '../auth/authentication.ts'

/** The description of all routes, made from their schemas, at `/api/openapi.json`. */
export const openapiPlugin = fp(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Millrace',
          description: 'Draws, publishes and watches event pipelines.',
          version: '0.1.0',
        },
        components: {
          securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'millrace' } },
        },
        security: [{ session: [] }],
      },
      transform: ({ schema, url, route }) => ({ schema: describe(schema, url, route.config?.access), url }),
    })
  },
  { name: 'openapi' },
)

/** The editor's files are no part of it; a route that is open says so. */
function describe(schema: FastifySchema, url: string, access: Access | undefined): FastifySchema {
  if (!url.startsWith('/api/')) return { ...schema, hide: true }
  return access === 'open' ? { ...schema, security: [] } : schema
}

/** Serves what `openapiPlugin` has gathered. */
export async function openapiRoutes(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
