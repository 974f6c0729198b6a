import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '@millrace/stack'
import { alterUserScramCredentialsV0, Connection, ScramMechanisms } from '@platformatic/kafka'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KafkaOptions } from '../../../executor/src/kafka/wire/index.ts'
import { startBroker, type TestBroker } from './support/broker.ts'
import { type BrokerCertificate, makeCertificate } from './support/certificate.ts'
import {
  connect,
  createTopic,
  eventually,
  readValues,
  recordsOf,
  settled,
  uniqueName,
} from './support/kafka.ts'

const PASSWORD = 'correct horse, battery=staple'
/** The library authenticates again after 0.8 of it; brokers refuse that within a second. */
const REAUTHENTICATE_MS = 2_000
let folder: string
let certificate: BrokerCertificate
let broker: TestBroker
const ports = { tls: 0, sasl: 0, saslTls: 0 }

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'millrace-certificate-'))
  certificate = await makeCertificate(folder)
  for (const listener of ['tls', 'sasl', 'saslTls'] as const) ports[listener] = await freePort()
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required user_plain="${PASSWORD}";`
  const mechanisms = (listener: string): [string, string][] => [
    [`listener.name.${listener}.sasl.enabled.mechanisms`, 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'],
    [`listener.name.${listener}.plain.sasl.jaas.config`, plain],
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, scram],
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`, scram],
    [`listener.name.${listener}.connections.max.reauth.ms`, `${REAUTHENTICATE_MS}`],
  ]
  broker = await startBroker({
    listeners: [
      { name: 'TLS', port: ports.tls, protocol: 'SSL' },
      { name: 'SASL', port: ports.sasl, protocol: 'SASL_PLAINTEXT' },
      { name: 'SASLTLS', port: ports.saslTls, protocol: 'SASL_SSL' },
    ],
    properties: {
      'ssl.keystore.location': certificate.keyStore,
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.password': certificate.password,
      'ssl.key.password': certificate.password,
      ...Object.fromEntries([...mechanisms('sasl'), ...mechanisms('sasltls')]),
    },
  })
  await addScramUser('scram')
})

afterAll(async () => {
  await broker?.remove()
  await rm(folder, { recursive: true, force: true })
})

async function addScramUser(name: string): Promise<void> {
  const connection = new Connection('wire-test')
  const [host, port] = broker.address.split(':')
  await connection.connect(host!, Number(port))
  const iterations = 4_096
  // One request per mechanism: a request may name a user once only.
  for (const { mechanism, digest, bytes } of [
    { mechanism: ScramMechanisms.SCRAM_SHA_256, digest: 'sha256', bytes: 32 },
    { mechanism: ScramMechanisms.SCRAM_SHA_512, digest: 'sha512', bytes: 64 },
  ]) {
    const salt = randomBytes(16)
    const saltedPassword = pbkdf2Sync(PASSWORD, salt, iterations, bytes, digest)
    const user = { name, mechanism, iterations, salt, saltedPassword }
    await alterUserScramCredentialsV0.api.async(connection, [], [user])
  }
  await connection.close()
}

/** Writes one record in a transaction and reads it back. */
async function writeAndRead(port: number, options: Partial<KafkaOptions>): Promise<(string | null)[]> {
  const client = await connect(`127.0.0.1:${port}`, options)
  const topic = await createTopic(broker.address)
  const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
  await producer.init()
  await producer.produce([{ topic, partition: 0, records: recordsOf(['secret']) }])
  await producer.end(true)
  await settled(client, { topic, partition: 0 })
  const { values } = await readValues(client, { topic, partition: 0 })
  client.close()
  return values
}

describe('TLS', () => {
  it('carries everything when the certificate is trusted', async () => {
    expect(await writeAndRead(ports.tls, { tls: { ca: certificate.certificate } })).toEqual(['secret'])
  })

  it('refuses a certificate that nobody vouches for', async () => {
    await expect(connect(`127.0.0.1:${ports.tls}`, { tls: {} })).rejects.toMatchObject({
      code: 'TLS_FAILED',
      domain: 'user',
      retriable: false,
    })
  })

  it('refuses a certificate for another host', async () => {
    const tls = { ca: certificate.certificate, servername: 'kafka.example.org' }
    await expect(connect(`127.0.0.1:${ports.tls}`, { tls })).rejects.toMatchObject({ code: 'TLS_FAILED' })
  })
})

describe('a listener of another kind than expected', () => {
  it('is reported when it wants TLS', async () => {
    await expect(connect(`127.0.0.1:${ports.tls}`)).rejects.toMatchObject({
      code: 'TLS_FAILED',
      domain: 'user',
    })
  })

  it('is reported when it has no TLS', async () => {
    const tls = { ca: certificate.certificate }
    await expect(connect(broker.address, { tls })).rejects.toMatchObject({
      code: 'TLS_FAILED',
      domain: 'user',
    })
  })

  it('is reported when it knows no SASL', async () => {
    await expect(connect(broker.address, { sasl: users[0] })).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
    })
  })
})

const users = [
  { mechanism: 'PLAIN', username: 'plain', password: PASSWORD },
  { mechanism: 'SCRAM-SHA-256', username: 'scram', password: PASSWORD },
  { mechanism: 'SCRAM-SHA-512', username: 'scram', password: PASSWORD },
] as const

describe('SASL', () => {
  it.each(users)('lets in who knows the password: $mechanism', async (sasl) => {
    expect(await writeAndRead(ports.sasl, { sasl })).toEqual(['secret'])
  })

  it.each(users)('works over TLS: $mechanism', async (sasl) => {
    expect(await writeAndRead(ports.saslTls, { sasl, tls: { ca: certificate.certificate } })).toEqual([
      'secret',
    ])
  })

  it.each(users)('keeps out who does not: $mechanism', async (user) => {
    const wrong = createHash('sha256').update(user.password).digest('hex')
    const error = await connect(`127.0.0.1:${ports.sasl}`, { sasl: { ...user, password: wrong } }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'AUTHENTICATION_FAILED', domain: 'user', retriable: false })
    expect(String(error)).not.toContain(wrong)
  })

  it('authenticates again when the broker asks for it, without a failed request', async () => {
    const client = await connect(`127.0.0.1:${ports.sasl}`, { sasl: users[1] })
    const topic = await createTopic(broker.address)
    const place = { topic, partition: 0 }
    const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
    await producer.init()
    const end = performance.now() + 3 * REAUTHENTICATE_MS
    let count = 0
    while (performance.now() < end) {
      await producer.produce([{ ...place, records: recordsOf([`${count++}`]) }])
      await producer.end(true)
      await client.listOffsets([place], 'latest')
    }
    await eventually(async () => expect((await readValues(client, place)).values).toHaveLength(count))
    client.close()
  })
})
