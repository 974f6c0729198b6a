import { timingSafeEqual } from 'node:crypto'
import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AppError } from '../errors.ts'
import { type SessionCookie, sessionCookie } from './cookie.ts'
import { type ActiveSession, beginSession, endSession, findSession } from './sessions.ts'
import { tokenHash } from './token.ts'

/** Who may ask: anybody, who is signed in (the default), or who is signed in or shows the metrics token. */
export type Access = 'open' | 'session' | 'metrics'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Set for every request to a route that is not open. */
    session: ActiveSession | null
  }
  interface FastifyInstance {
    readonly sessions: {
      /** Refuses who is not signed in. */
      require(request: FastifyRequest): Promise<ActiveSession>
      /** Signs in: a new session, and the end of the one that the request came with. */
      begin(request: FastifyRequest, reply: FastifyReply, userId: string): Promise<void>
      end(reply: FastifyReply, session: ActiveSession): Promise<void>
    }
  }
}

interface AuthenticationOptions {
  readonly isTls: boolean
  readonly metricsToken: string | null
}

/** Sessions, and the rule that no route answers without one unless it says so in its `config.access`. */
export const authenticationPlugin = fp<AuthenticationOptions>(
  async (app, { isTls, metricsToken }) => {
    await app.register(cookie)
    const ownCookie = sessionCookie(isTls)
    app.decorateRequest('session', null)
    app.decorate('sessions', {
      require: (request) => requireSession(app, request, ownCookie),
      begin: async (request, reply, userId) => {
        const old = request.cookies[ownCookie.name]
        if (old !== undefined) await endSession(app.prisma, tokenHash(old))
        reply.setCookie(ownCookie.name, await beginSession(app.prisma, userId), ownCookie.options)
      },
      end: async (reply, session) => {
        await endSession(app.prisma, session.hash)
        reply.clearCookie(ownCookie.name, ownCookie.options)
      },
    })
    app.addHook('onRequest', async (request) => {
      // What matches no route is for the handler of unknown addresses to judge.
      if (request.is404) return
      const access = request.routeOptions.config.access ?? 'session'
      if (access === 'open' || (access === 'metrics' && hasMetricsToken(request, metricsToken))) return
      request.session = await app.sessions.require(request)
    })
  },
  { name: 'authentication', dependencies: ['prisma'] },
)

/** The session of a request to a route that is not open. */
export function sessionOf({ session }: FastifyRequest): ActiveSession {
  if (session === null) throw new Error('an open route asked for its session')
  return session
}

async function requireSession(
  app: FastifyInstance,
  request: FastifyRequest,
  { name }: SessionCookie,
): Promise<ActiveSession> {
  const id = request.cookies[name]
  const session = id === undefined ? null : await findSession(app.prisma, id)
  if (session === null) throw new AppError('sign_in_needed', 'You are not signed in, or no longer.')
  return session
}

function hasMetricsToken({ headers }: FastifyRequest, token: string | null): boolean {
  const given = headers.authorization
  if (token === null || given === undefined) return false
  return timingSafeEqual(Buffer.from(tokenHash(given)), Buffer.from(tokenHash(`Bearer ${token}`)))
}
