import path from 'node:path'
import type { RuntimeCatalogue } from '@millrace/engine'
import type { Catalogue } from '@millrace/graph'
import type { FastifyBaseLogger, FastifyInstance, RouteOptions } from 'fastify'
import { authenticationPlugin } from './auth/authentication.ts'
import { authRoutes } from './auth/routes.ts'
import type { PortFactories } from './connections/ports.ts'
import { connectionRoutes } from './connections/routes.ts'
import type { Patience } from './deployments/control.ts'
import { controlPlugin } from './deployments/control-plugin.ts'
import { deploymentRoutes } from './deployments/routes.ts'
import type { Config } from './environment.ts'
import { editorPlugin } from './http/editor.ts'
import { errorHandlerPlugin } from './http/error-handler.ts'
import { ownOrigins } from './http/origins.ts'
import { securityPlugin } from './http/security.ts'
import { createServer } from './http/server.ts'
import { livePlugin } from './live/live-plugin.ts'
import { liveRoutes } from './live/routes.ts'
import { pipelineRoutes, templateRoutes } from './pipelines/routes.ts'
import { prismaPlugin } from './plugins/prisma.ts'
import { redisPlugin } from './plugins/redis.ts'
import { metricsPlugin } from './system/metrics.ts'
import { openapiPlugin, openapiRoutes } from './system/openapi.ts'
import { systemRoutes } from './system/routes.ts'

/** Where `npm start` builds the editor to. */
const EDITOR_FOLDER = path.join(import.meta.dirname, '..', '..', 'editor', 'dist')

/** What an app is made of beside its settings; tests put other things here. */
export interface AppParts {
  readonly log: FastifyBaseLogger
  readonly catalogue: Catalogue
  readonly runtimes: RuntimeCatalogue
  readonly factories: PortFactories
  readonly patience?: Patience
  readonly editorFolder?: string
  /** Told of every route, before it is there. */
  readonly onRoute?: (route: RouteOptions) => void
}

/** The whole api: the rules that hold for every route, then resources and loops, then the routes. */
export async function buildApp(config: Config, parts: AppParts): Promise<FastifyInstance> {
  const { log, catalogue, runtimes, factories, patience, editorFolder = EDITOR_FOLDER } = parts
  const app = createServer(config, log)
  if (parts.onRoute) app.addHook('onRoute', parts.onRoute)
  const origins = ownOrigins(config, () => portOf(app) ?? config.port)

  await app.register(errorHandlerPlugin)
  await app.register(securityPlugin, { origins })
  await app.register(openapiPlugin)

  await app.register(prismaPlugin, config)
  await app.register(redisPlugin, config)
  await app.register(authenticationPlugin, { isTls: origins.isTls, metricsToken: config.metricsToken })
  await app.register(controlPlugin, { config, catalogue, runtimes, factories, patience })
  await app.register(livePlugin, config)
  await app.register(metricsPlugin)

  await app.register(systemRoutes, { prefix: '/api' })
  await app.register(openapiRoutes, { prefix: '/api' })
  await app.register(authRoutes, { prefix: '/api/auth' })
  await app.register(templateRoutes, { prefix: '/api' })
  await app.register(connectionRoutes, { prefix: '/api/connections' })
  await app.register(pipelineRoutes, { prefix: '/api/pipelines' })
  await app.register(deploymentRoutes, { prefix: '/api/pipelines' })
  await app.register(liveRoutes, { prefix: '/api/pipelines', origins })
  await app.register(editorPlugin, { editorFolder })
  return app
}

function portOf(app: FastifyInstance): number | null {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : null
}
