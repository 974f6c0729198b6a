import type { PrismaClient, User } from '../generated/prisma/client.ts'
import { randomId } from '../random-id.ts'
import { newToken, tokenHash } from './token.ts'

/** A sign-in link works once, and for this long. */
export const LINK_MS = 3_600_000

/** The first user, where no other name was given. */
const FIRST_EMAIL = 'admin@localhost'

/**
 * Makes the token of a one-time sign-in link. Where there is no user yet, the first one is made: without a password,
 * so that this link is the only way in.
 *
 * @param email of the user who shall sign in; null: the first user
 */
export async function createSignInToken(prisma: PrismaClient, email: string | null): Promise<string> {
  const user = (await findUser(prisma, email)) ?? (await createUser(prisma, email ?? FIRST_EMAIL))
  const token = newToken()
  await prisma.signInToken.create({
    data: { hash: tokenHash(token), userId: user.id, expiresAt: new Date(Date.now() + LINK_MS) },
  })
  return token
}

/** Uses up a token; gives its user, or null where it was used before, has expired or never was. */
export async function redeemSignInToken(prisma: PrismaClient, token: string): Promise<User | null> {
  const [used] = await prisma.$queryRaw<{ user_id: string }[]>`
    DELETE FROM sign_in_tokens WHERE hash = ${tokenHash(token)} AND expires_at > ${new Date()} RETURNING user_id`
  return used ? prisma.user.findUnique({ where: { id: used.user_id } }) : null
}

function findUser(prisma: PrismaClient, email: string | null): Promise<User | null> {
  if (email !== null) return prisma.user.findUnique({ where: { email: email.toLowerCase() } })
  return prisma.user.findFirst({ orderBy: { createdAt: 'asc' } })
}

async function createUser(prisma: PrismaClient, email: string): Promise<User> {
  const data = { id: randomId(), email: email.toLowerCase(), name: email.split('@')[0] || email }
  return prisma.user.create({ data })
}
