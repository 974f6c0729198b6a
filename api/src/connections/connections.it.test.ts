import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'

let place: TestApp
let call: ReturnType<typeof clientOf>

beforeAll(async () => {
  place = await startTestApp()
  call = clientOf(place.app, await place.signIn())
})

afterAll(() => place.close())

beforeEach(() => place.app.prisma.connection.deleteMany())

const settings = {
  brokers: 'broker-1:9092, broker-2:9092',
  username: 'millrace',
  saslMechanism: 'scram-sha-256',
}
const save = (body: object, id = 'kafka') =>
  call('PUT', `/api/connections/${id}`, { kind: 'kafka', label: 'Kafka', settings, ...body })

const open = () => place.app.control.connections.open('kafka')

describe('a connection', () => {
  test('is kept, listed with the names of its secrets, and deleted', async () => {
    expect((await save({ secrets: { password: 'secret-1' } })).body).toEqual({
      id: 'kafka',
      kind: 'kafka',
      label: 'Kafka',
      settings,
      secretNames: ['password'],
      updatedAt: expect.any(Number),
    })
    expect((await call('GET', '/api/connections')).body).toMatchObject([
      { id: 'kafka', secretNames: ['password'] },
    ])
    expect((await call('DELETE', '/api/connections/kafka')).status).toBe(204)
    expect((await call('DELETE', '/api/connections/kafka')).status).toBe(404)
    expect(await place.app.prisma.connectionSecret.count()).toBe(0)
  })

  test('keeps a secret that is not given again, and drops one that is emptied', async () => {
    await save({ secrets: { password: 'secret-1' } })
    await save({ label: 'Renamed' })
    expect((await open())?.secrets).toEqual({ password: 'secret-1' })
    await save({ secrets: { password: '' } })
    expect((await open())?.secrets).toEqual({})
  })

  test.each([
    ['another address', { brokers: 'evil.example:9092' }],
    ['no TLS', { ...settings, tls: 'false' }],
    ['another user', { ...settings, username: 'other' }],
  ])('needs its secrets again for %s', async (_, changed) => {
    await save({ secrets: { password: 'secret-1' } })
    const refused = await save({ settings: changed })
    expect(refused.body).toMatchObject({
      code: 'secrets_needed',
      message: expect.stringContaining('password'),
    })
    expect((await open())?.settings).toEqual(settings)
    expect((await save({ settings: changed, secrets: { password: 'secret-2' } })).status).toBe(200)
  })

  test('does not become one of another kind', async () => {
    await save({})
    const wrong = { kind: 'elasticsearch', settings: { node: 'http://127.0.0.1:9200' } }
    expect((await save(wrong)).body.code).toBe('wrong_kind')
  })

  test.each([
    ['an unknown setting', { settings: { ...settings, 'sasl.jaas.config': 'x' } }],
    ['a setting named like a member of every object', { settings: { ...settings, constructor: 'x' } }],
    ['a setting named __proto__', JSON.parse('{"settings": {"brokers": "a:1", "__proto__": "x"}}')],
    ['no brokers', { settings: {} }],
    ['brokers that are no addresses', { settings: { brokers: 'http://broker:9092/path' } }],
    ['a secret among the settings', { settings: { ...settings, password: 'secret-in-clear' } }],
    ['an unknown secret', { secrets: { token: 'secret-in-clear' } }],
    ['a secret with a line feed', { secrets: { password: 'secret-in-clear\nx' } }],
    ['a label without end', { label: 'x'.repeat(101) }],
    ['an unknown kind', { kind: 'postgres' }],
  ])('is refused with %s, without saying back a secret', async (_, wrong) => {
    const refused = await save(wrong)
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).not.toContain('secret-in-clear')
    expect(await place.app.prisma.connection.count()).toBe(0)
  })

  test.each([
    'http://user:secret-in-clear@127.0.0.1:9200',
    'file:///etc/passwd',
    'http://127.0.0.1:9200/?x=1',
    'http://127.0.0.1:9200#x',
  ])('to Elasticsearch cannot have the address %s', async (node) => {
    const refused = await save({ kind: 'elasticsearch', settings: { node } })
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).not.toContain('secret-in-clear')
  })

  test('whose ciphertext is moved to another connection cannot be opened there', async () => {
    await save({ secrets: { password: 'secret-1' } })
    await save({ secrets: { password: 'secret-2' } }, 'other')
    const [first] = await place.app.prisma.connectionSecret.findMany({ where: { connectionId: 'kafka' } })
    const { ciphertext, wrappedKey } = first ?? {}
    await place.app.prisma.connectionSecret.updateMany({
      where: { connectionId: 'other' },
      data: { ciphertext: ciphertext ?? new Uint8Array(), wrappedKey: wrappedKey ?? new Uint8Array() },
    })
    const answer = await call('POST', '/api/connections/other/check')
    expect(answer.body.code).toBe('secrets_unreadable')
  })
})

describe('a check', () => {
  const check = (id: string) => call('POST', `/api/connections/${id}/check`)

  test('of the real servers says that they answer', async () => {
    const { kafka, elasticsearch } = inject('servers')
    await save({ settings: { brokers: kafka } })
    await save({ kind: 'elasticsearch', settings: { node: elasticsearch } }, 'elastic')
    expect((await check('kafka')).body).toMatchObject({
      ok: true,
      message: expect.stringMatching(/Kafka answers/),
    })
    expect((await check('elastic')).body).toMatchObject({ ok: true })
  })

  test('of what is not there says so in words, and leaves secrets out', async () => {
    const secrets = { password: 'secret-in-clear' }
    await save({ settings: { ...settings, brokers: '127.0.0.1:1' }, secrets })
    const answer = await check('kafka')
    expect(answer).toMatchObject({ status: 200, body: { ok: false, message: expect.any(String) } })
    expect(JSON.stringify(answer.body)).not.toContain('secret-in-clear')
    expect((await check('nothing')).status).toBe(404)
  })

  test('uses the changed settings at once', async () => {
    await save({ settings: { brokers: '127.0.0.1:1' } })
    expect((await check('kafka')).body.ok).toBe(false)
    await save({ settings: { brokers: inject('servers').kafka } })
    expect((await check('kafka')).body.ok).toBe(true)
  })
})
