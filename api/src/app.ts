import path from 'node:path'
import type { FastifyBaseLogger, FastifyInstance, RouteOptions } from 'fastify'
import { authenticationPlugin } from './auth/authentication.ts'
import { authRoutes } from './auth/routes.ts'
import type { Config } from './environment.ts'
import { editorPlugin } from './http/editor.ts'
import { errorHandlerPlugin } from './http/error-handler.ts'
import { ownOrigins } from './http/origins.ts'
import { securityPlugin } from './http/security.ts'
import { createServer } from './http/server.ts'
import { prismaPlugin } from './plugins/prisma.ts'
import { redisPlugin } from './plugins/redis.ts'
import { healthRoutes } from './system/routes.ts'

/** Where `npm start` builds the editor to. */
const EDITOR_FOLDER = path.join(import.meta.dirname, '..', '..', 'editor', 'dist')

/** What an app is made of beside its settings; tests put other things here. */
export interface AppParts {
  readonly log: FastifyBaseLogger
  readonly editorFolder?: string
  /** Told of every route, before it is there. */
  readonly onRoute?: (route: RouteOptions) => void
}

/** The whole api: resources, then the rules that hold for every route, then the routes. */
export async function buildApp(config: Config, parts: AppParts): Promise<FastifyInstance> {
  const app = createServer(config, parts.log)
  if (parts.onRoute) app.addHook('onRoute', parts.onRoute)
  const origins = ownOrigins(config, () => portOf(app) ?? config.port)

  await app.register(errorHandlerPlugin)
  await app.register(securityPlugin, { origins })

  await app.register(prismaPlugin, config)
  await app.register(redisPlugin, config)

  await app.register(authenticationPlugin, { isTls: origins.isTls, metricsToken: config.metricsToken })
  await app.register(healthRoutes, { prefix: '/api' })
  await app.register(authRoutes, { prefix: '/api/auth' })
  await app.register(editorPlugin, { editorFolder: parts.editorFolder ?? EDITOR_FOLDER })
  return app
}

function portOf(app: FastifyInstance): number | null {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : null
}
