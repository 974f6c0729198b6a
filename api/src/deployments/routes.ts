import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  answerSchema,
  apiErrorSchema,
  continueSchema,
  deploymentSchema,
  idSchema,
  operationStartedSchema,
  publishSchema,
  replaySchema,
  rollBackSchema,
  runSettingsSchema,
  startSchema,
} from '@millrace/contracts'
import { Type } from 'typebox'
import { sessionOf } from '../auth/authentication.ts'
import { continueRun } from './continue-run.ts'
import { readDeployment } from './read-deployment.ts'
import { answerQuestion, publish, rollBack, startAfresh, stopDeployment } from './requests.ts'
import { changeSettings } from './run-settings.ts'

const params = Type.Object({ id: idSchema })
const response = { 202: operationStartedSchema, 409: apiErrorSchema, 422: apiErrorSchema }

/** `/api/pipelines/:id/…`: what runs, and what changes it. Changes are begun here and carried out in steps. */
export const deploymentRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { control } = app

  app.get(
    '/:id/deployment',
    {
      schema: { summary: 'What runs, and the newest operation', params, response: { 200: deploymentSchema } },
    },
    (request) => readDeployment(control, request.params.id, (id) => app.live.problems(id)),
  )

  app.post(
    '/:id/publish',
    { schema: { summary: 'Publishes the draft', params, body: publishSchema, response } },
    async (request, reply) => {
      const { name } = sessionOf(request).user
      return reply.status(202).send(await publish(control, request.params.id, request.body, name))
    },
  )

  app.post(
    '/:id/start',
    { schema: { summary: 'Starts a fresh run', params, body: startSchema, response } },
    async (request, reply) => {
      const { user } = sessionOf(request)
      const { start } = request.body
      return reply.status(202).send(await startAfresh(control, request.params.id, 'start', start, user.name))
    },
  )

  app.post(
    '/:id/replay',
    { schema: { summary: 'Starts a fresh run from a time', params, body: replaySchema, response } },
    async (request, reply) => {
      const { user } = sessionOf(request)
      const start = { kind: 'time', time: request.body.time } as const
      return reply.status(202).send(await startAfresh(control, request.params.id, 'replay', start, user.name))
    },
  )

  app.post(
    '/:id/continue',
    {
      schema: {
        summary: 'Goes on in topics that are not what was read any more',
        params,
        body: continueSchema,
        response,
      },
    },
    async (request, reply) => {
      const { user } = sessionOf(request)
      return reply
        .status(202)
        .send(await continueRun(control, request.params.id, request.body.from, user.name))
    },
  )

  app.post(
    '/:id/roll-back',
    { schema: { summary: 'Publishes an older version again', params, body: rollBackSchema, response } },
    async (request, reply) => {
      const { user } = sessionOf(request)
      return reply.status(202).send(await rollBack(control, request.params.id, request.body, user.name))
    },
  )

  app.post(
    '/:id/stop',
    { schema: { summary: 'Stops what runs', params, response } },
    async (request, reply) => {
      const { user } = sessionOf(request)
      return reply.status(202).send(await stopDeployment(control, request.params.id, user.name))
    },
  )

  app.put(
    '/:id/settings',
    {
      schema: {
        summary: 'Changes how the pipeline runs, at once',
        params,
        body: runSettingsSchema,
        response: { 200: runSettingsSchema, 422: apiErrorSchema },
      },
    },
    async (request) => {
      const { name } = sessionOf(request).user
      return changeSettings(control, request.params.id, request.body, name)
    },
  )

  app.post(
    '/:id/answer',
    {
      schema: {
        summary: 'Says what to do when a publish cannot drain',
        params,
        body: answerSchema,
        response,
      },
    },
    async (request, reply) => {
      const { user } = sessionOf(request)
      return reply.status(202).send(await answerQuestion(control, request.params.id, request.body, user.name))
    },
  )
}
