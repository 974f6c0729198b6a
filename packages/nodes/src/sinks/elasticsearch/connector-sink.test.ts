import type { DeliveryOutcome, VersionedDocument } from '@millrace/engine'
import { describe, expect, it } from 'vitest'
import { createSinkConnector } from '../../connectors.ts'
import type { ElasticsearchPort } from '../../elasticsearch-port.ts'
import { createElasticsearchSink } from './connector-sink.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 0, 10, 12)

/** A port that writes down what it is asked. */
function recordingPort() {
  const delivered: string[] = []
  const drops: number[] = []
  const port = {
    deliver: async (documents: readonly VersionedDocument[]): Promise<readonly DeliveryOutcome[]> => {
      delivered.push(...documents.map(({ id }) => id))
      return documents.map(({ id }) => ({ kind: 'retry', reason: id }))
    },
    dropExpired: async (_: unknown, now: number) => {
      drops.push(now)
      throw new Error('not now')
    },
    close: async () => undefined,
  } as unknown as ElasticsearchPort
  return { port, delivered, drops }
}

function document(target: string, id: string): VersionedDocument {
  return { op: 'index', target, id, body: '{}', version: 1n }
}

describe('the sink connector', () => {
  const settings = { alias: 'orders', retentionDays: 2, bulkDocuments: 1500 }

  it('refuses documents for days before the retention, and keeps the order of the others', async () => {
    const { port, delivered } = recordingPort()
    const sink = createElasticsearchSink(port, settings, () => NOON)
    const outcomes = await sink.deliver([
      document('orders-2026-01-10', 'a'),
      document('orders-2026-01-08', 'b'),
      document('orders-2026-01-09', 'c'),
    ])
    expect(outcomes).toEqual([
      { kind: 'retry', reason: 'a' },
      { kind: 'reject', code: 'document_too_old', reason: expect.stringContaining('2 days') },
      { kind: 'retry', reason: 'c' },
    ])
    expect(delivered).toEqual(['a', 'c'])
  })

  it('drops old indices at first and then once an hour, and delivers also where that fails', async () => {
    const { port, drops, delivered } = recordingPort()
    let now = NOON
    const sink = createElasticsearchSink(port, settings, () => now)
    for (const ms of [0, HOUR - 1, HOUR]) {
      now = NOON + ms
      await sink.deliver([document('orders-2026-01-10', 'a')])
    }
    expect(drops).toEqual([NOON, NOON + HOUR])
    expect(delivered).toHaveLength(3)
  })

  it('drops nothing without a retention', async () => {
    const { port, drops, delivered } = recordingPort()
    const sink = createElasticsearchSink(port, { ...settings, retentionDays: null }, () => NOON)
    await sink.deliver([document('orders-2000-01-01', 'a')])
    expect([drops, delivered]).toEqual([[], ['a']])
  })

  it('is made for a node by its type, with the size of its batches', async () => {
    const node = { id: 'n', type: 'elasticsearch', typeVersion: 1, label: 'n', config: settings, note: '' }
    const connector = createSinkConnector(node, { node: 'http://127.0.0.1:1' }, {})
    expect(connector.batchSize).toBe(1500)
    await connector.close()
    expect(() => createSinkConnector({ ...node, type: 'filter' }, {}, {})).toThrow('deliver nothing')
  })
})
