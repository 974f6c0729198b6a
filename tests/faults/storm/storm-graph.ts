import type { GraphEdge, PipelineGraph } from '@millrace/graph'
import { chain, step } from '../../../api/src/templates/build.ts'
import { CONFIRM_DISORDER_MS, PAYMENT_DISORDER_MS } from './storm-events.ts'
import { CONFIRMED_WITHIN_MS, WINDOW_MS } from './storm-oracle.ts'

/** Topics of a storm, by node id. */
export interface StormTopics {
  readonly payments: string
  readonly confirms: string
  readonly passed: string
  readonly joined: string
  readonly windows: string
}

/**
 * Filter and dedupe of payments; what passes goes out as it is, into windows by group, and meets confirmations by id:
 * both behind a repartition.
 */
export function stormGraph(topics: StormTopics): PipelineGraph {
  const source = (id: 'payments' | 'confirms', outOfOrderness: number, fields: object[]) =>
    step(id, 'kafka', id, {
      ...{ connection: 'kafka', topic: topics[id], fields, eventTime: 'ts', outOfOrderness },
      // Only what is read moves the watermark: a killed executor makes no partition idle.
      ...{ idleTimeout: null, maxAhead: null, keyedBy: ['user'] },
    })
  const sink = (id: 'passed' | 'joined' | 'windows', key: string[]) =>
    step(id, 'kafka-sink', id, { connection: 'kafka', topic: topics[id], key })
  const payments = source('payments', PAYMENT_DISORDER_MS, [
    { name: 'id', type: 'int64 not null' },
    { name: 'user', type: 'string not null' },
    { name: 'group', type: 'string not null' },
    { name: 'amount', type: 'int64 not null' },
    { name: 'ts', type: 'timestamp not null' },
  ])
  const confirms = source('confirms', CONFIRM_DISORDER_MS, [
    { name: 'ref', type: 'int64 not null' },
    { name: 'user', type: 'string not null' },
    { name: 'code', type: 'int64 not null' },
    { name: 'ts', type: 'timestamp not null' },
  ])
  const filter = step('filter', 'filter', 'filter', { condition: 'amount >= 0' })
  const dedupe = step('dedupe', 'dedupe', 'dedupe', { key: ['user', 'id'], ttl: 3_600_000 })
  const window = step('window', 'window', 'window', {
    ...{ kind: 'tumbling', size: WINDOW_MS, groupBy: ['group'], output: 'final' },
    aggregates: [
      { function: 'count', as: 'payments' },
      { function: 'sum', argument: 'amount', as: 'total' },
    ],
  })
  const join = step('join', 'join', 'join', {
    ...{ kind: 'left', on: [{ left: 'id', right: 'ref' }], lower: 0, upper: CONFIRMED_WITHIN_MS },
    ...{ leftPrefix: '', rightPrefix: 'c_' },
  })
  const outs = {
    passed: sink('passed', ['user']),
    joined: sink('joined', []),
    windows: sink('windows', ['group']),
  }
  return {
    ...{ format: 1, name: 'Storm', layout: {} },
    nodes: [payments, confirms, filter, dedupe, window, join, ...Object.values(outs)],
    edges: [
      ...chain([payments, filter, dedupe, outs.passed]),
      ...chain([dedupe, window, outs.windows]),
      edge('dedupe', 'out', 'join', 'left'),
      edge('confirms', 'out', 'join', 'right'),
      ...chain([join, outs.joined]),
    ],
  }
}

function edge(from: string, output: string, to: string, input: string): GraphEdge {
  return { id: `${from}-${to}`, from: { node: from, port: output }, to: { node: to, port: input } }
}
