import { describe, expect, it } from 'vitest'
import { flinkStatements } from './flink-sql.ts'
import { COMPARED_GRAPHS } from './graphs.ts'

const places = {
  brokers: '127.0.0.1:9092',
  topics: { orders: 'in-orders', payments: 'in-payments', users: 'in-users' },
  results: "out's",
  job: 'job-1',
}

describe.each(COMPARED_GRAPHS.map((graph) => [graph.id, graph] as const))('the SQL of %s', (_, graph) => {
  const statements = flinkStatements(graph, places)

  it('declares the topics that it reads and writes, then starts one job', () => {
    const starts = statements.map((statement) =>
      statement.split('(')[0]?.trim().split(/\s+/).slice(0, 3).join(' '),
    )
    const tables = [...graph.inputs, 'results'].map((name) => `CREATE TABLE ${name}`)
    expect(starts.slice(0, -1)).toEqual(tables)
    expect(statements.at(-1)).toMatch(/^INSERT INTO results (SELECT|WITH)/)
  })

  it('selects as many columns as the results have', () => {
    const query = graph.query.replace(/^WITH [\s\S]*\)\n(?=SELECT)/, '')
    const selected = query.slice('SELECT '.length, query.search(/\sFROM\s/)).replaceAll(/\([^)]*\)/g, '')
    expect(selected.split(',')).toHaveLength(graph.columns.length)
    expect(graph.columns.map(({ name }) => name)).toContain(graph.key)
  })

  it('writes exactly once, with a transaction that the broker allows', () => {
    const results = statements.at(-2)
    expect(results).toContain("'sink.delivery-guarantee' = 'exactly-once'")
    expect(results).toContain("'sink.transactional-id-prefix' = 'job-1'")
    expect(results).toContain("'properties.transaction.timeout.ms' = '600000'")
    expect(results).toContain(`'key.fields' = '${graph.key}'`)
    expect(results).toContain("'topic' = 'out''s'")
  })
})

it('gives events the bound of Millrace and a millisecond', () => {
  const [orders = ''] = flinkStatements(COMPARED_GRAPHS[0] as (typeof COMPARED_GRAPHS)[number], places)
  expect(orders).toContain("rowtime - INTERVAL '0 00:00:01.001' DAY TO SECOND(3)")
  expect(orders).toContain("'topic' = 'in-orders'")
})
