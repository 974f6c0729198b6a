import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../testing/test-app.ts'

/** The only addresses that answer without a session, beside the files of the editor. */
const OPEN = ['GET /api/health', 'HEAD /api/health', 'POST /api/auth/sign-in', 'POST /api/auth/sign-in-link']

let editorFolder: string
let place: TestApp
const routes: RouteOptions[] = []

beforeAll(async () => {
  editorFolder = await mkdtemp(path.join(tmpdir(), 'millrace-editor-'))
  await mkdir(path.join(editorFolder, 'assets'))
  await writeFile(path.join(editorFolder, 'index.html'), '<title>Millrace</title>')
  await writeFile(path.join(editorFolder, 'assets', 'app-1a2b.js'), 'console.log(1)')
  place = await startTestApp({ editorFolder, onRoute: (route) => routes.push(route) })
})

afterAll(async () => {
  await place.close()
  await rm(editorFolder, { recursive: true })
})

describe('without a session', () => {
  test('every route but the listed ones answers 401, whatever it is sent', async () => {
    const answered: string[] = []
    for (const { method, url } of routes) {
      for (const verb of [method].flat()) {
        const isFile = url === '/' || url.startsWith('/index.html') || url.startsWith('/assets/')
        const name = `${verb} ${url}`
        const answer = await place.app.inject({
          method: verb as 'GET',
          url: url.replaceAll(/:\w+/g, 'a1b2c3d4'),
        })
        if (!isFile && answer.statusCode !== 401) answered.push(name)
      }
    }
    expect(routes.length).toBeGreaterThan(40)
    expect(answered.sort()).toEqual(OPEN.toSorted())
  })

  test.each(['/api', '/api/', '/api/nothing', '/api/pipelines/', '/api/Pipelines', '/metrics/x', '/api?x=1'])(
    'the unknown address %s answers 401 and not 404',
    async (url) => {
      expect((await place.app.inject(url)).statusCode).toBe(401)
    },
  )

  test('another method than GET on a page answers 401', async () => {
    expect((await place.app.inject({ method: 'POST', url: '/pipelines', payload: {} })).statusCode).toBe(401)
  })

  test('health tells what answers and nothing else', async () => {
    const answer = await place.app.inject('/api/health')
    expect(answer.json()).toEqual({ ok: true, postgres: true, redis: true })
  })
})

describe('the editor', () => {
  test('is served to anybody: its start page for every page, its files with a lasting cache', async () => {
    for (const url of ['/', '/pipelines/a1b2c3d4', '/sign-in?token=abc']) {
      const page = await place.app.inject(url)
      expect([page.statusCode, page.body]).toEqual([200, '<title>Millrace</title>'])
      expect(page.headers['cache-control']).toBe('no-cache')
    }
    const file = await place.app.inject('/assets/app-1a2b.js')
    expect(file.headers['cache-control']).toContain('immutable')
  })

  test.each(['/assets/../../package.json', '/assets/%2e%2e/%2e%2e/etc/passwd', '/..%2fetc%2fpasswd'])(
    'gives no file outside its folder: %s',
    async (url) => {
      const answer = await place.app.inject(url)
      expect(answer.body).toBe('<title>Millrace</title>')
    },
  )

  test('its pages run no foreign script, cannot be framed and send no referrer', async () => {
    const { headers } = await place.app.inject('/')
    const policy = String(headers['content-security-policy']).split(';')
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("worker-src 'self' blob:")
    expect(policy.filter((part) => part.includes('unsafe'))).toEqual(["style-src 'self' 'unsafe-inline'"])
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['strict-transport-security']).toBeUndefined()
  })
})

describe('a request that another site could have sent', () => {
  const signOut = (headers: Record<string, string>, payload: object | string = {}) =>
    place.app.inject({ method: 'POST', url: '/api/auth/sign-out', headers, payload })

  test.each([
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['the origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['a null origin', { origin: 'null' }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
    ['a same-site fetch', { 'sec-fetch-site': 'same-site' }],
    ['a lookalike origin', { origin: 'http://127.0.0.1:4000.evil.example' }],
  ])('is refused with %s', async (_, headers) => {
    const { cookie } = await place.signIn()
    const answer = await signOut({ cookie, ...(headers as unknown as Record<string, string>) })
    expect(answer.json()).toMatchObject({ code: 'origin_refused' })
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; x=1',
    ' application/json',
    'application/json\t',
    'application/jsonx',
    'application/vnd.api+json',
  ])('is refused with the content type %j', async (type) => {
    const { cookie } = await place.signIn()
    const answer = await signOut({ cookie, 'content-type': type }, '{}')
    expect(answer.statusCode).toBe(415)
  })

  test('from our own page is accepted', async () => {
    const { cookie } = await place.signIn()
    const origin = `http://127.0.0.1:${place.config.port}`
    expect((await signOut({ cookie, origin, 'sec-fetch-site': 'same-origin' })).statusCode).toBe(204)
  })
})

describe('a request that is not as it must be', () => {
  const password = (payload: object | string, cookie: string) =>
    place.app.inject({
      method: 'PUT',
      url: '/api/auth/password',
      headers: { cookie, 'content-type': 'application/json' },
      payload,
    })

  test.each([
    ['is no JSON', '{'],
    ['lacks a member', '{}'],
    ['has a member too many', '{"next": "correct horse battery", "admin": true}'],
    ['has a member __proto__', '{"next": "correct horse battery", "__proto__": {"admin": true}}'],
    ['has a member of another type', '{"next": ["correct horse battery"]}'],
    ['has an operator in place of a text', '{"next": {"not": ""}}'],
    ['has a number in place of a text', '{"next": 1234567890}'],
  ])('is refused where it %s, and nothing of it is said back', async (_, text) => {
    const { cookie } = await place.signIn()
    const answer = await password(text, cookie)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).not.toMatch(/horse|1234567890/)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  test('is refused where it is larger than a megabyte', async () => {
    const { cookie } = await place.signIn()
    const answer = await password({ next: 'x'.repeat(1_100_000) }, cookie)
    expect(answer.json()).toMatchObject({ code: 'body_too_large' })
  })
})

describe('the log', () => {
  test('holds neither cookies nor the tokens in addresses', async () => {
    const { cookie } = await place.signIn()
    await place.app.inject({ url: '/sign-in?token=canary-in-the-address', headers: { cookie } })
    await place.app.inject({ url: '/api/auth/session?token=canary-in-the-address', headers: { cookie } })
    expect(place.log()).toContain('/api/auth/session')
    expect(place.log()).not.toContain('canary-in-the-address')
    expect(place.log()).not.toContain(cookie.split('=')[1])
  })
})
