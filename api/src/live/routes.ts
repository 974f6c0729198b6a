import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  idSchema,
  type LiveFrame,
  liveFrameSchema,
  liveHistorySchema,
  liveSamplesSchema,
} from '@millrace/contracts'
import { ID_PATTERN } from '@millrace/graph'
import { Type } from 'typebox'
import { sessionOf } from '../auth/authentication.ts'
import { isSessionValid } from '../auth/sessions.ts'
import type { Control } from '../deployments/control.ts'
import { readGeneration } from '../deployments/generations.ts'
import { findSubject } from '../deployments/requests.ts'
import { AppError } from '../errors.ts'
import type { Deployment } from '../generated/prisma/client.ts'
import type { Origins } from '../http/origins.ts'
import { requireOwnOrigin } from '../http/security.ts'
import { EventStream } from './event-stream.ts'
import { readFrames } from './history.ts'
import { SampleWatch } from './sample-watch.ts'

const byId = Type.Object({ id: idSchema })
const byNode = Type.Object({ id: idSchema, nodeId: Type.String({ pattern: ID_PATTERN }) })

const minutes = Type.Object(
  { minutes: Type.Integer({ minimum: 1, maximum: 1_440, default: 60 }) },
  { additionalProperties: false },
)

/** `/api/pipelines/:id/live` and `/history`: what runs, now and in the last hours. */
export const liveRoutes: FastifyPluginAsyncTypebox<{ origins: Origins }> = async (app, { origins }) => {
  const streams = new Set<EventStream>()
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end()
  })

  app.get(
    '/:id/live',
    {
      schema: {
        summary: 'What runs, about once a second, as server-sent events',
        description: `Each event holds: ${JSON.stringify(Object.keys(liveFrameSchema.properties))}`,
        params: byId,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      requireOwnOrigin(request, origins)
      const { deployment } = await findSubject(app.control, request.params.id)
      const { hash, expiresAt } = sessionOf(request)
      const stream = new EventStream(reply, () => isSessionValid(app.prisma, hash))
      streams.add(stream)
      const unsubscribe = app.live.subscribe(deployment.id, (frame) => stream.send(frame))
      const expiry = setTimeout(() => stream.end(), Math.max(0, expiresAt - Date.now()))
      stream.onEnd(() => {
        clearTimeout(expiry)
        unsubscribe()
        streams.delete(stream)
      })
      const first = app.live.frame(deployment.id, Date.now())
      if (first) stream.send(first satisfies LiveFrame)
    },
  )

  app.get(
    '/:id/nodes/:nodeId/events',
    {
      schema: {
        summary:
          'A few live events of a node, about once a second, as server-sent events, while somebody listens',
        description: `Each event holds: ${JSON.stringify(Object.keys(liveSamplesSchema.properties))}`,
        params: byNode,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      requireOwnOrigin(request, origins)
      const { id, nodeId } = request.params
      const { deployment } = await findSubject(app.control, id)
      const spec = deployment.generation === 0 ? null : await runningSpec(app.control, deployment)
      if (!spec?.graph.nodes.some((node) => node.id === nodeId))
        throw new AppError('not_found', 'The node is not part of what was published.')
      const { hash, expiresAt } = sessionOf(request)
      const stream = new EventStream(reply, () => isSessionValid(app.prisma, hash))
      streams.add(stream)
      const watch = new SampleWatch({
        ...{ redis: app.redis, deployment: deployment.id, nodeId },
        send: (samples) => stream.send({ samples }),
      })
      const expiry = setTimeout(() => stream.end(), Math.max(0, expiresAt - Date.now()))
      stream.onEnd(() => {
        clearTimeout(expiry)
        watch.stop()
        streams.delete(stream)
      })
    },
  )

  app.get(
    '/:id/history',
    {
      schema: {
        summary: 'Live frames of the last minutes, oldest first',
        params: byId,
        querystring: minutes,
        response: { 200: liveHistorySchema },
      },
    },
    async (request) => {
      const { deployment } = await findSubject(app.control, request.params.id)
      return { frames: await readFrames(app.prisma, deployment.id, request.query.minutes, Date.now()) }
    },
  )
}

async function runningSpec({ prisma }: Pick<Control, 'prisma'>, { id, generation }: Deployment) {
  return (await readGeneration(prisma, id, generation)).spec
}
