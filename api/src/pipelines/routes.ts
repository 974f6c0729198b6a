import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  apiErrorSchema,
  createPipelineSchema,
  deadLettersSchema,
  draftConflictSchema,
  idSchema,
  pipelineRowSchema,
  pipelineSchema,
  publishPlanSchema,
  saveDraftSchema,
  savedDraftSchema,
  searchResultSchema,
  searchSchema,
  templateSchema,
  versionRowSchema,
  versionSchema,
} from '@millrace/contracts'
import { type Catalogue, ID_PATTERN, type PipelineGraph } from '@millrace/graph'
import { Type } from 'typebox'
import { sessionOf } from '../auth/authentication.ts'
import { lookAhead, shownPlan } from '../deployments/outlook.ts'
import { findSubject, nextVersion } from '../deployments/requests.ts'
import { requireTemplate, TEMPLATES } from '../templates/templates.ts'
import { testGraph } from '../tests/tested-graph.ts'
import { readDeadLetters } from './dead-letters.ts'
import { deletePipeline } from './delete-pipeline.ts'
import { readDocument } from './documents.ts'
import { asBody, createPipeline, saveDraft } from './drafts.ts'
import { listPipelines, listVersions, readPipeline, readVersion } from './read-pipelines.ts'
import { searchNode } from './search.ts'

/** The largest draft. */
const DRAFT_LIMIT = 5_000_000

const byId = Type.Object({ id: idSchema })
const byVersion = Type.Object({ id: idSchema, version: Type.Integer({ minimum: 1 }) })

const byNode = Type.Object({ id: idSchema, nodeId: Type.String({ pattern: ID_PATTERN }) })

/** `/api/templates`: pipelines to begin with. */
export const templateRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/templates',
    { schema: { summary: 'Pipelines to begin with', response: { 200: Type.Array(templateSchema) } } },
    async () =>
      TEMPLATES.map(({ topics, graph, ...template }) => ({
        ...template,
        topics: [...topics],
        icons: iconsOf(graph, app.control.catalogue),
        graph: asBody(graph),
      })),
  )
}

/** `/api/pipelines`: drafts and versions. */
export const pipelineRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { control } = app

  app.get(
    '',
    { schema: { summary: 'All pipelines', response: { 200: Type.Array(pipelineRowSchema) } } },
    () => listPipelines(control, (deployment) => app.live.current(deployment)),
  )

  app.post(
    '',
    {
      schema: { summary: 'Makes a pipeline', body: createPipelineSchema, response: { 201: pipelineSchema } },
    },
    async (request, reply) => {
      const { name, template } = request.body
      const graph = template === undefined ? null : requireTemplate(template)
      const id = await createPipeline(control, name, graph, sessionOf(request).user.name)
      return reply.status(201).send(await readPipeline(control, id))
    },
  )

  app.get(
    '/:id',
    { schema: { summary: 'A pipeline with its draft', params: byId, response: { 200: pipelineSchema } } },
    (request) => readPipeline(control, request.params.id),
  )

  app.delete(
    '/:id',
    { schema: { summary: 'Deletes a stopped pipeline', params: byId, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deletePipeline(control, request.params.id)
      return reply.status(204).send(null)
    },
  )

  app.put(
    '/:id/draft',
    {
      bodyLimit: DRAFT_LIMIT,
      schema: {
        summary: 'Saves the draft over the revision that it was made from',
        params: byId,
        body: saveDraftSchema,
        response: { 200: savedDraftSchema, 409: draftConflictSchema, 422: apiErrorSchema },
      },
    },
    (request) => saveDraft(control, request.params.id, request.body, sessionOf(request).user.name),
  )

  app.get(
    '/:id/versions',
    {
      schema: {
        summary: 'Versions, newest first',
        params: byId,
        response: { 200: Type.Array(versionRowSchema) },
      },
    },
    (request) => listVersions(control, request.params.id),
  )

  app.get(
    '/:id/versions/:version',
    {
      schema: {
        summary: 'A version as it was published',
        params: byVersion,
        response: { 200: versionSchema },
      },
    },
    (request) => readVersion(control, request.params.id, request.params.version),
  )

  app.get(
    '/:id/publish-plan',
    {
      schema: {
        summary: 'What publishing the draft would do',
        params: byId,
        querystring: Type.Object({ fresh: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
        response: { 200: publishPlanSchema },
      },
    },
    async (request) => {
      const { id } = request.params
      const { deployment, draft } = await findSubject(control, id)
      const graph = readDocument(draft.graph, control.catalogue)
      const isFreshRun = request.query.fresh ?? deployment.state === 'stopped'
      const [outlook, tests] = await Promise.all([
        lookAhead(control, deployment, graph, isFreshRun),
        testGraph(graph),
      ])
      return shownPlan(outlook, tests, await nextVersion(control, id))
    },
  )

  app.get(
    '/:id/dead-letters',
    {
      schema: {
        summary: 'The newest dead letters',
        params: byId,
        querystring: Type.Object(
          { limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }) },
          { additionalProperties: false },
        ),
        response: { 200: deadLettersSchema },
      },
    },
    (request) => readDeadLetters(control, request.params.id, request.query.limit),
  )

  app.post(
    '/:id/nodes/:nodeId/search',
    {
      schema: {
        summary: 'Documents behind an Elasticsearch sink, newest first',
        params: byNode,
        body: searchSchema,
        response: { 200: searchResultSchema },
      },
    },
    (request) => searchNode(control, request.params.id, request.params.nodeId, request.body),
  )
}

/** The symbols of the node types in a graph: the list of pipelines loads no node types. */
function iconsOf({ nodes }: PipelineGraph, catalogue: Catalogue): Record<string, string> {
  return Object.fromEntries(nodes.map(({ type }) => [type, catalogue.get(type)?.icon ?? '']))
}
