import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { VersionedDocument } from '@millrace/engine'
import { afterEach, describe, expect, it } from 'vitest'
import type { ElasticsearchPort } from '../../elasticsearch-port.ts'
import { createElasticsearchPort } from './connector.ts'

// A stand-in for Elasticsearch: only for answers that the real one cannot be made to give.

/** How many lines a bulk request may have; a status for the answers, by path. */
interface Behaviour {
  readonly maxDocuments?: number
  readonly status?: (path: string) => number
  /** Answers about documents, by their ids. */
  readonly items?: (id: string) => object
}

let closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing) await close()
  closing = []
})

async function portTo(behaviour: Behaviour): Promise<{ port: ElasticsearchPort; requests: string[] }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    void answer(behaviour, request, response, requests)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: number } = server.address() as AddressInfo
  const port = createElasticsearchPort({ node: `http://127.0.0.1:${number}` }, {})
  closing.push(async () => {
    await port.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { port, requests }
}

async function answer(
  behaviour: Behaviour,
  request: IncomingMessage,
  response: ServerResponse,
  requests: string[],
): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const path = (request.url ?? '').split('?')[0] ?? ''
  const actions = body.split('\n').filter((line) => line.includes('"version_type"'))
  const ids = actions.map((line) => (JSON.parse(line) as { index: { _id: string } }).index._id)
  if (path === '/_bulk') requests.push(ids.join(','))
  const tooLarge = path === '/_bulk' && ids.length > (behaviour.maxDocuments ?? Number.POSITIVE_INFINITY)
  const status = tooLarge ? 413 : (behaviour.status?.(path) ?? 200)
  response.writeHead(status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
  const items = ids.map((id) => ({ index: behaviour.items?.(id) ?? { status: 201 } }))
  response.end(
    JSON.stringify(path === '/_bulk' && status === 200 ? { errors: true, items } : { acknowledged: true }),
  )
}

function documents(...ids: string[]): VersionedDocument[] {
  return ids.map((id, i) => ({ op: 'index', target: 'a-all', id, body: '{}', version: BigInt(i + 1) }))
}

describe('a delivery', () => {
  it('cuts a request that is too large in halves, and gives up a document that is too large alone', async () => {
    const { port, requests } = await portTo({ maxDocuments: 2 })
    const outcomes = await port.deliver(documents('1', '2', '3', '4', '5'))
    expect(outcomes).toEqual(outcomes.map(() => ({ kind: 'done' })))
    expect(requests).toEqual(['1,2,3,4,5', '1,2', '3,4,5', '3', '4,5'])
    const one = await portTo({ maxDocuments: 1 })
    expect((await one.port.deliver(documents('1', '2'))).map(({ kind }) => kind)).toEqual(['done', 'done'])
    const none = await portTo({ maxDocuments: 0 })
    expect((await none.port.deliver(documents('1')))[0]).toMatchObject({
      kind: 'reject',
      code: 'document_too_large',
    })
  })

  it('sends documents of many bytes in several requests', async () => {
    const { port, requests } = await portTo({})
    const large = documents('1', '2', '3').map((one) => ({
      ...one,
      body: JSON.stringify({ x: 'y'.repeat(5_000_000) }),
    }))
    expect((await port.deliver(large)).map(({ kind }) => kind)).toEqual(['done', 'done', 'done'])
    expect(requests).toEqual(['1', '2', '3'])
  })

  it.each([429, 500, 502, 503, 504])('keeps all documents waiting at an answer of %d', async (status) => {
    const { port } = await portTo({ status: (path) => (path === '/_bulk' ? status : 200) })
    expect((await port.deliver(documents('1', '2'))).map(({ kind }) => kind)).toEqual(['retry', 'retry'])
  })

  it.each([401, 403])('stops at an answer of %d', async (status) => {
    const { port } = await portTo({ status: (path) => (path === '/_bulk' ? status : 200) })
    expect((await port.deliver(documents('1')))[0]).toMatchObject({ kind: 'refused' })
  })

  it.each([
    [401, 'refused'],
    [503, 'retry'],
    [400, 'refused'],
  ])('tells documents whose index cannot be created (%d) as %s', async (status, kind) => {
    const { port, requests } = await portTo({ status: (path) => (path === '/a-all' ? status : 200) })
    expect((await port.deliver(documents('1')))[0]?.kind).toBe(kind)
    expect(requests).toEqual([])
  })

  it('handles each document of a mixed answer by its class', async () => {
    const answers: Record<string, object> = {
      ok: { status: 200 },
      busy: { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'queue is full' } },
      shard: { status: 503, error: { type: 'unavailable_shards_exception', reason: 'no primary' } },
      broken: { status: 500, error: { type: 'io_exception', reason: 'no space' } },
      disk: { status: 403, error: { type: 'cluster_block_exception', reason: 'index read-only' } },
      gone: { status: 404, error: { type: 'index_not_found_exception', reason: 'no such index' } },
      right: { status: 403, error: { type: 'security_exception', reason: 'unauthorized' } },
      bad: {
        status: 400,
        error: {
          type: 'document_parsing_exception',
          reason: 'failed',
          caused_by: { reason: 'not a number' },
        },
      },
    }
    const { port } = await portTo({ items: (id) => answers[id] ?? {} })
    const outcomes = await port.deliver(documents(...Object.keys(answers)))
    expect(outcomes).toEqual([
      { kind: 'done' },
      { kind: 'retry', reason: 'queue is full' },
      { kind: 'retry', reason: 'no primary' },
      { kind: 'retry', reason: 'no space' },
      { kind: 'retry', reason: 'index read-only' },
      { kind: 'retry', reason: 'no such index' },
      { kind: 'refused', code: 'elasticsearch_refuses', reason: 'unauthorized' },
      { kind: 'reject', code: 'document_refused', reason: 'failed; not a number' },
    ])
  })

  it('keeps a document waiting while the version that is stored cannot be read', async () => {
    const { port } = await portTo({
      items: () => ({ status: 409, error: { type: 'version_conflict_engine_exception' } }),
      status: (path) => (path === '/_mget' ? 503 : 200),
    })
    expect((await port.deliver(documents('1')))[0]?.kind).toBe('retry')
  })
})

describe('an error', () => {
  it('holds neither request nor credentials', async () => {
    const { port } = await portTo({ status: () => 403 })
    const error: unknown = await port
      .search('a', { query: 'canary-7713', timeField: null, size: 1 })
      .catch((failure: unknown) => failure)
    expect(error).toMatchObject({ name: 'PortError', code: 'not_authorized', domain: 'user' })
    const { cause } = error as Error
    expect(JSON.stringify([error, cause], Object.getOwnPropertyNames(cause))).not.toContain('canary-7713')
  })
})
