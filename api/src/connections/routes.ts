import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  apiErrorSchema,
  type ConnectionCheck,
  connectionCheckSchema,
  connectionIdSchema,
  connectionSchema,
  existingMappingSchema,
  idSchema,
  saveConnectionSchema,
  topicFactsSchema,
  topicSampleSchema,
  topicsSchema,
} from '@millrace/contracts'
import { counted } from '@millrace/graph'
import { Type } from 'typebox'
import type { Control } from '../deployments/control.ts'
import { AppError, messageOf } from '../errors.ts'
import { pipelinesUsing } from './in-use.ts'
import { SAMPLE_LIMITS, sampleTopic } from './sample.ts'
import { lagOf, readTopicFacts } from './topic-facts.ts'

const byId = Type.Object({ id: connectionIdSchema })
const byTopic = Type.Object({
  id: connectionIdSchema,
  topic: Type.String({ pattern: '^[A-Za-z0-9._-]{1,249}$' }),
})

const byAlias = Type.Object({
  id: connectionIdSchema,
  alias: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,199}$' }),
})

const sampleQuery = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: SAMPLE_LIMITS.records, default: SAMPLE_LIMITS.records }),
    partition: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    from: Type.Enum(['latest', 'earliest'], { default: 'latest' }),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    time: Type.Optional(Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })),
    fields: Type.Optional(Type.Enum(['double', 'decimal'])),
  },
  { additionalProperties: false },
)

/** `/api/connections`: the systems that pipelines talk to. Secrets go in and never come out. */
export const connectionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { control } = app

  app.get(
    '',
    { schema: { summary: 'All connections', response: { 200: Type.Array(connectionSchema) } } },
    () => control.connections.list(),
  )

  app.put(
    '/:id',
    {
      schema: {
        summary: 'Creates or changes a connection',
        params: byId,
        body: saveConnectionSchema,
        response: { 200: connectionSchema, 400: apiErrorSchema },
      },
    },
    (request) => control.connections.save(request.params.id, request.body),
  )

  app.delete(
    '/:id',
    {
      schema: {
        summary: 'Deletes a connection that nothing running uses',
        params: byId,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteConnection(control, request.params.id)
      return reply.status(204).send(null)
    },
  )

  app.post(
    '/:id/check',
    {
      schema: {
        summary: 'Whether the system answers',
        params: byId,
        response: { 200: connectionCheckSchema },
      },
    },
    (request) => checkConnection(control, request.params.id),
  )

  app.get(
    '/:id/topics',
    { schema: { summary: 'Topics of a Kafka connection', params: byId, response: { 200: topicsSchema } } },
    async (request) => {
      const port = await control.ports.get('kafka', request.params.id)
      const topics = await port.listTopics()
      const shown = topics.filter(({ name }) => !isInternal(name))
      return { topics: shown.map(({ name, partitions }) => ({ name, partitions })).sort(byName) }
    },
  )

  app.get(
    '/:id/mappings/:alias',
    {
      schema: {
        summary: 'How the indices of an Elasticsearch sink hold their fields',
        params: byAlias,
        response: { 200: existingMappingSchema },
      },
    },
    async (request) => {
      const { id, alias } = request.params
      const port = await control.ports.get('elasticsearch', id)
      const { indices, fields, isIndex } = await port.existingFields(alias)
      return {
        indices: [...indices],
        fields: [...fields].map(([name, types]) => ({ name, types: [...types] })),
        isIndex,
      }
    },
  )

  app.get(
    '/:id/topics/:topic',
    {
      schema: {
        summary: 'What a topic holds, and how much of it a pipeline has not read yet',
        params: byTopic,
        querystring: Type.Object({ pipeline: Type.Optional(idSchema) }, { additionalProperties: false }),
        response: { 200: topicFactsSchema },
      },
    },
    async (request) => {
      const { id, topic } = request.params
      if (isKafkasOwn(topic)) throw new AppError('not_found', `There is no topic "${topic}".`)
      const { pipeline } = request.query
      const port = await control.ports.get('kafka', id)
      const lag = pipeline === undefined ? new Map() : await lagOf(app, pipeline, { connection: id, topic })
      return readTopicFacts(port, topic, lag)
    },
  )

  app.get(
    '/:id/topics/:topic/sample',
    {
      schema: {
        summary: 'A few records of a topic',
        params: byTopic,
        querystring: sampleQuery,
        response: { 200: topicSampleSchema },
      },
    },
    async (request) => {
      const { id, topic } = request.params
      if (isKafkasOwn(topic)) throw new AppError('not_found', `There is no topic "${topic}".`)
      const { partition = null, ...query } = request.query
      return sampleTopic(await control.ports.get('kafka', id), { ...query, topic, partition })
    },
  )
}

/** Tries a connection out; the answer says in words what came of it. */
export async function checkConnection(
  { connections, ports }: Pick<Control, 'connections' | 'ports'>,
  id: string,
): Promise<ConnectionCheck> {
  const connection = await connections.open(id)
  if (connection === null) throw new AppError('not_found', `There is no connection "${id}".`)
  try {
    if (connection.kind === 'kafka') {
      const topics = await (await ports.get('kafka', id)).listTopics()
      return { ok: true, message: `Kafka answers, with ${counted(topics.length, 'topic')}.` }
    }
    const { version } = await (await ports.get('elasticsearch', id)).check()
    return { ok: true, message: `Elasticsearch ${version} answers.` }
  } catch (error) {
    return { ok: false, message: messageOf(error) }
  }
}

async function deleteConnection({ prisma, connections }: Control, id: string): Promise<void> {
  const users = await pipelinesUsing(prisma, id)
  if (users.length > 0) {
    const message = `The connection is in use by what runs: ${users.join(', ')}. Stop that first.`
    throw new AppError('connection_in_use', message)
  }
  if (!(await connections.delete(id))) throw new AppError('not_found', `There is no connection "${id}".`)
}

/** Kafka's own topics, and those that Millrace makes for itself. */
function isInternal(topic: string): boolean {
  return isKafkasOwn(topic) || topic.startsWith('millrace.')
}

function isKafkasOwn(topic: string): boolean {
  return topic.startsWith('__')
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}
