import type { PrismaClient, User } from '../generated/prisma/client.ts'
import { newToken, tokenHash } from './token.ts'

/** A session ends this long after it was last used … */
export const IDLE_MS = 12 * 3_600_000
/** … and this long after it began, used or not. */
export const ABSOLUTE_MS = 7 * 24 * 3_600_000

/** Use is noted this often: a write for every request would be many. */
const SEEN_EVERY_MS = 60_000

/** A session that is valid now. */
export interface ActiveSession {
  readonly hash: string
  readonly user: User
  /** Epoch ms at which it ends if it is not used again. */
  readonly expiresAt: number
}

/** Begins a session; gives the id for the cookie, which is kept nowhere. */
export async function beginSession(prisma: PrismaClient, userId: string): Promise<string> {
  const id = newToken()
  await prisma.session.create({ data: { hash: tokenHash(id), userId } })
  return id
}

/** The session with this id; null where there is none or it has ended. */
export async function findSession(prisma: PrismaClient, id: string): Promise<ActiveSession | null> {
  const hash = tokenHash(id)
  const session = await prisma.session.findUnique({ where: { hash }, include: { user: true } })
  if (session === null) return null
  const now = Date.now()
  const endsAt = session.createdAt.getTime() + ABSOLUTE_MS
  const idleAt = session.lastSeenAt.getTime() + IDLE_MS
  if (now >= Math.min(endsAt, idleAt)) {
    await endSession(prisma, hash)
    return null
  }
  if (now - session.lastSeenAt.getTime() > SEEN_EVERY_MS) {
    await prisma.session.updateMany({ where: { hash }, data: { lastSeenAt: new Date(now) } })
  }
  return { hash, user: session.user, expiresAt: Math.min(endsAt, now + IDLE_MS) }
}

/** True while a session is valid. Looking does not count as use. */
export async function isSessionValid(prisma: PrismaClient, hash: string): Promise<boolean> {
  const now = Date.now()
  const found = await prisma.session.count({
    where: {
      hash,
      createdAt: { gt: new Date(now - ABSOLUTE_MS) },
      lastSeenAt: { gt: new Date(now - IDLE_MS) },
    },
  })
  return found > 0
}

/** Ends a session, if it is there. */
export async function endSession(prisma: PrismaClient, hash: string): Promise<void> {
  await prisma.session.deleteMany({ where: { hash } })
}

/** Deletes the sessions and sign-in links that have ended by themselves. */
export async function removeExpired(prisma: PrismaClient): Promise<void> {
  const now = Date.now()
  await prisma.session.deleteMany({
    where: {
      OR: [
        { createdAt: { lt: new Date(now - ABSOLUTE_MS) } },
        { lastSeenAt: { lt: new Date(now - IDLE_MS) } },
      ],
    },
  })
  await prisma.signInToken.deleteMany({ where: { expiresAt: { lt: new Date(now) } } })
}
