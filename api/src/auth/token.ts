import { createHash, randomBytes } from 'node:crypto'

/** 32 random bytes as text: a session id or the token of a sign-in link. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a token: it has 256 random bits, so a plain hash cannot be guessed back. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
