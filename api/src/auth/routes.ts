import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  type SessionBody,
  sessionSchema,
  setPasswordSchema,
  signInLinkSchema,
  signInSchema,
} from '@millrace/contracts'
import { Type } from 'typebox'
import { AppError } from '../errors.ts'
import type { User } from '../generated/prisma/client.ts'
import { sessionOf } from './authentication.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { signInLimits } from './rate-limits.ts'
import { redeemSignInToken } from './sign-in-link.ts'

/** `/api/auth`: signing in and out, and the own password. */
export const authRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const limit = await signInLimits(app)

  app.post(
    '/sign-in-link',
    {
      schema: {
        summary: 'Signs in with a one-time link',
        body: signInLinkSchema,
        response: { 200: sessionSchema },
      },
      config: { access: 'open' },
      preHandler: [limit.network],
    },
    async (request, reply) => {
      const user = await redeemSignInToken(app.prisma, request.body.token)
      if (user === null) {
        const message = 'This link was used before or has expired. A new one comes from "npm start".'
        throw new AppError('link_invalid', message)
      }
      await limit.forgive(request)
      await app.sessions.begin(request, reply, user.id)
      return sessionBody(user)
    },
  )

  app.post(
    '/sign-in',
    {
      schema: {
        summary: 'Signs in with email and password',
        body: signInSchema,
        response: { 200: sessionSchema },
      },
      config: { access: 'open' },
      preHandler: [limit.network, limit.account],
    },
    async (request, reply) => {
      const email = request.body.email.toLowerCase()
      const user = await app.prisma.user.findUnique({ where: { email } })
      const isRight = await verifyPassword(request.body.password, user?.password ?? null)
      if (user === null || !isRight) throw new AppError('sign_in_failed', 'Email or password is wrong.')
      await limit.forgive(request)
      await app.sessions.begin(request, reply, user.id)
      return sessionBody(user)
    },
  )

  app.post(
    '/sign-out',
    { schema: { summary: 'Ends the session', response: { 204: Type.Null() } } },
    async (request, reply) => {
      await app.sessions.end(reply, sessionOf(request))
      return reply.status(204).send(null)
    },
  )

  app.get(
    '/session',
    { schema: { summary: 'Who is signed in', response: { 200: sessionSchema } } },
    async (request) => sessionBody(sessionOf(request).user),
  )

  app.put(
    '/password',
    {
      schema: {
        summary: 'Sets the own password and ends all other sessions',
        body: setPasswordSchema,
        response: { 200: sessionSchema },
      },
      preHandler: [limit.network],
    },
    async (request, reply) => {
      const { user } = sessionOf(request)
      await requireCurrentPassword(user, request.body.current)
      await limit.forgive(request)
      const password = await hashPassword(request.body.next)
      // Every session ends, the own one too: its id changes with the privilege.
      const [changed] = await app.prisma.$transaction([
        app.prisma.user.update({ where: { id: user.id }, data: { password } }),
        app.prisma.session.deleteMany({ where: { userId: user.id } }),
        app.prisma.signInToken.deleteMany({ where: { userId: user.id } }),
      ])
      await app.sessions.begin(request, reply, user.id)
      return sessionBody(changed)
    },
  )
}

async function requireCurrentPassword(user: User, current: string | undefined): Promise<void> {
  if (user.password === null || (await verifyPassword(current ?? '', user.password))) return
  throw new AppError('password_wrong', 'The current password is wrong.')
}

function sessionBody({ id, email, name, password }: User): SessionBody {
  return { user: { id, email, name, hasPassword: password !== null } }
}
