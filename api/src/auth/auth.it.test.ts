import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emptyRedis, sessionCookieOf, signIn, startTestApp, type TestApp } from '../testing/test-app.ts'
import { ACCOUNT_ATTEMPTS, NETWORK_ATTEMPTS } from './rate-limits.ts'
import { ABSOLUTE_MS, IDLE_MS } from './sessions.ts'
import { createSignInToken, LINK_MS } from './sign-in-link.ts'
import { tokenHash } from './token.ts'

let place: TestApp

beforeAll(async () => {
  place = await startTestApp()
})

afterAll(() => place.close())

beforeEach(async () => {
  await emptyRedis(place.config.redisUrl)
  await place.app.prisma.user.deleteMany()
})

const post = (url: string, payload: object, headers = {}) =>
  place.app.inject({ method: 'POST', url: `/api/auth/${url}`, payload, headers })
const session = (cookie: string) => place.app.inject({ url: '/api/auth/session', headers: { cookie } })

async function setPassword(cookie: string, next: string, current?: string) {
  return place.app.inject({
    method: 'PUT',
    url: '/api/auth/password',
    headers: { cookie },
    payload: { next, ...(current !== undefined && { current }) },
  })
}

/** Ages the one session. */
async function shiftSession(data: { createdAt?: Date; lastSeenAt?: Date }): Promise<void> {
  await place.app.prisma.session.updateMany({ data })
}

const ago = (ms: number) => new Date(Date.now() - ms)

describe('a one-time sign-in link', () => {
  test('signs in the first user of a fresh installation, who has no password', async () => {
    const { cookie } = await signIn(place.app)
    expect((await session(cookie)).json()).toEqual({
      user: { id: expect.any(String), email: 'admin@localhost', name: 'admin', hasPassword: false },
    })
  })

  test('works once', async () => {
    const token = await createSignInToken(place.app.prisma, null)
    const uses = await Promise.all([1, 2, 3].map(() => post('sign-in-link', { token })))
    expect(uses.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401])
  })

  test('expires', async () => {
    const token = await createSignInToken(place.app.prisma, null)
    await place.app.prisma.signInToken.updateMany({ data: { expiresAt: ago(1) } })
    expect((await post('sign-in-link', { token })).statusCode).toBe(401)
  })

  test('is kept as a hash, for an hour', async () => {
    const token = await createSignInToken(place.app.prisma, null)
    const [kept] = await place.app.prisma.signInToken.findMany()
    expect(kept?.hash).toBe(tokenHash(token))
    expect(Math.abs((kept?.expiresAt.getTime() ?? 0) - Date.now() - LINK_MS)).toBeLessThan(60_000)
  })

  test('leads to the user that was there before, not to another one', async () => {
    await signIn(place.app)
    await signIn(place.app)
    expect(await place.app.prisma.user.count()).toBe(1)
  })
})

describe('a session', () => {
  test('is kept as a hash and its cookie is out of reach of scripts and other sites', async () => {
    const token = await createSignInToken(place.app.prisma, null)
    const answer = await post('sign-in-link', { token })
    const [cookie] = answer.cookies
    expect(cookie).toMatchObject({ name: 'millrace', httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(await place.app.prisma.session.findMany()).toMatchObject([
      { hash: tokenHash(cookie?.value ?? '') },
    ])
  })

  test('gets a new id at every sign-in, and the one before ends', async () => {
    const first = await signIn(place.app)
    const token = await createSignInToken(place.app.prisma, null)
    const second = sessionCookieOf(await post('sign-in-link', { token }, first))
    expect(second).not.toBe(first.cookie)
    expect((await session(first.cookie)).statusCode).toBe(401)
    expect((await session(second)).statusCode).toBe(200)
  })

  test('ends at sign-out, also for requests at the same time', async () => {
    const { cookie } = await signIn(place.app)
    const ends = await Promise.all([post('sign-out', {}, { cookie }), post('sign-out', {}, { cookie })])
    expect(ends.map(({ statusCode }) => statusCode).every((status) => status === 204 || status === 401)).toBe(
      true,
    )
    expect((await session(cookie)).statusCode).toBe(401)
  })

  test('ends when it was not used for twelve hours', async () => {
    const { cookie } = await signIn(place.app)
    await shiftSession({ lastSeenAt: ago(IDLE_MS - 60_000) })
    expect((await session(cookie)).statusCode).toBe(200)
    await shiftSession({ lastSeenAt: ago(IDLE_MS) })
    expect((await session(cookie)).statusCode).toBe(401)
  })

  test('ends after seven days although it is used', async () => {
    const { cookie } = await signIn(place.app)
    await shiftSession({ createdAt: ago(ABSOLUTE_MS - 60_000) })
    expect((await session(cookie)).statusCode).toBe(200)
    await shiftSession({ createdAt: ago(ABSOLUTE_MS) })
    expect((await session(cookie)).statusCode).toBe(401)
  })

  test('is used up no faster by being used', async () => {
    const { cookie } = await signIn(place.app)
    await shiftSession({ lastSeenAt: ago(IDLE_MS / 2) })
    await session(cookie)
    const [used] = await place.app.prisma.session.findMany()
    expect(Date.now() - (used?.lastSeenAt.getTime() ?? 0)).toBeLessThan(60_000)
  })

  test.each([
    ['no id', 'millrace='],
    ['an id that never was', 'millrace=nonsense'],
    ['another cookie', 'other=1'],
    ['an endless id', `millrace=${'x'.repeat(5_000)}`],
  ])('is not to be had with %s', async (_, cookie) => {
    await signIn(place.app)
    expect((await session(cookie)).statusCode).toBe(401)
  })
})

describe('a password', () => {
  test('signs in once it is set', async () => {
    await setPassword((await signIn(place.app)).cookie, 'correct horse battery')
    const answer = await post('sign-in', { email: 'Admin@LocalHost', password: 'correct horse battery' })
    expect(answer.statusCode).toBe(200)
    expect((await session(sessionCookieOf(answer))).json()).toMatchObject({ user: { hasPassword: true } })
  })

  test('is refused in the same words for a wrong one, an unknown user and a user without one', async () => {
    await setPassword((await signIn(place.app)).cookie, 'correct horse battery')
    await createSignInToken(place.app.prisma, 'new@example.org')
    const tries = ['admin@localhost', 'nobody@example.org', 'new@example.org']
    const answers = await Promise.all(
      tries.map((email) => post('sign-in', { email, password: 'wrong horse' })),
    )
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1)
    expect(answers[0]?.statusCode).toBe(401)
  })

  test('can be changed only by who knows it', async () => {
    const { cookie } = await signIn(place.app)
    const changed = sessionCookieOf(await setPassword(cookie, 'correct horse battery'))
    expect((await setPassword(changed, 'another horse battery')).json()).toMatchObject({
      code: 'password_wrong',
    })
    const right = await setPassword(changed, 'another horse battery', 'correct horse battery')
    expect(right.statusCode).toBe(200)
  })

  test('ends all other sessions and open links when it is changed, and gives the own one a new id', async () => {
    const [one, other] = [await signIn(place.app), await signIn(place.app)]
    const token = await createSignInToken(place.app.prisma, null)
    const own = sessionCookieOf(await setPassword(one.cookie, 'correct horse battery'))
    const states = await Promise.all([one.cookie, other.cookie, own].map(session))
    expect(states.map(({ statusCode }) => statusCode)).toEqual([401, 401, 200])
    expect((await post('sign-in-link', { token })).statusCode).toBe(401)
  })

  test('is hashed with argon2id and a salt of its own', async () => {
    await setPassword((await signIn(place.app)).cookie, 'correct horse battery')
    const [user] = await place.app.prisma.user.findMany()
    expect(user?.password).toMatch(/^argon2id\$19456\$2\$1\$[\w+/=]{24}\$[\w+/=]{44}$/)
  })

  test('must have at least ten characters', async () => {
    expect((await setPassword((await signIn(place.app)).cookie, 'short')).statusCode).toBe(400)
  })
})

describe('too many attempts', () => {
  const guess = (email: string) => post('sign-in', { email, password: 'wrong horse' })

  test('at one account are refused, also with the right password', async () => {
    await setPassword((await signIn(place.app)).cookie, 'correct horse battery')
    for (let i = 0; i < ACCOUNT_ATTEMPTS; i++) expect((await guess('admin@localhost')).statusCode).toBe(401)
    expect((await guess('ADMIN@localhost')).json()).toMatchObject({ code: 'too_many_requests' })
    const right = await post('sign-in', { email: 'admin@localhost', password: 'correct horse battery' })
    expect(right.statusCode).toBe(429)
  })

  test('from one network are refused, whatever the account', async () => {
    const token = 'x'.repeat(43)
    for (let i = 0; i < NETWORK_ATTEMPTS; i++)
      expect((await post('sign-in-link', { token })).statusCode).toBe(401)
    expect((await post('sign-in-link', { token })).statusCode).toBe(429)
  })

  test('are not what successful ones are', async () => {
    for (let i = 0; i <= NETWORK_ATTEMPTS; i++) await signIn(place.app)
    await setPassword((await signIn(place.app)).cookie, 'correct horse battery')
    for (let i = 0; i <= ACCOUNT_ATTEMPTS; i++) {
      const answer = await post('sign-in', { email: 'admin@localhost', password: 'correct horse battery' })
      expect(answer.statusCode).toBe(200)
    }
  })

  test('are also refused while Redis is down', async () => {
    const alone = await startTestApp({ env: { MILLRACE_REDIS_URL: 'redis://127.0.0.1:1' } })
    const token = 'x'.repeat(43)
    const attempt = () =>
      alone.app.inject({ method: 'POST', url: '/api/auth/sign-in-link', payload: { token } })
    for (let i = 0; i < NETWORK_ATTEMPTS; i++) expect((await attempt()).statusCode).toBe(401)
    expect((await attempt()).statusCode).toBe(429)
    await alone.close()
  })
})
