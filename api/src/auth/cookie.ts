import type { CookieSerializeOptions } from '@fastify/cookie'
import { ABSOLUTE_MS } from './sessions.ts'

/** The session cookie: its name says to browsers which promises it keeps. */
export interface SessionCookie {
  readonly name: string
  readonly options: CookieSerializeOptions
}

/** The `__Host-` prefix needs TLS; on loopback there is none. */
export function sessionCookie(isTls: boolean): SessionCookie {
  return {
    name: isTls ? '__Host-millrace' : 'millrace',
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isTls, maxAge: ABSOLUTE_MS / 1_000 },
  }
}
