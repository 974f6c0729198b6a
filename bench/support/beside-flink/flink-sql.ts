import { OUT_OF_ORDERNESS_MS } from './events.ts'
import type { ComparedGraph, InputName } from './graphs.ts'

/** Where a Flink job reads and writes. */
export interface FlinkPlaces {
  /** `host:port`. */
  readonly brokers: string
  readonly topics: Readonly<Record<InputName, string>>
  readonly results: string
  /** Consumer group, and prefix of transactional ids. */
  readonly job: string
}

/** Less than the broker's most (15 min), and longer than a checkpoint may take. */
const TRANSACTION_TIMEOUT_MS = 600_000

/** Columns of the tables that are read, and which one says when a row happened. */
const INPUT_COLUMNS: Readonly<Record<InputName, string>> = {
  orders: eventColumns('orderId STRING, userId STRING, region STRING, total DOUBLE, ts BIGINT'),
  payments: eventColumns('paymentId STRING, orderId STRING, userId STRING, amount DOUBLE, ts BIGINT'),
  users: `userId STRING, home STRING, tier STRING, since BIGINT,
valid_from AS TO_TIMESTAMP_LTZ(since, 3), WATERMARK FOR valid_from AS valid_from, PRIMARY KEY (userId) NOT ENFORCED`,
}

/** Everything that a session is told before and for a graph: the tables, then the job, which is the last one. */
export function flinkStatements(graph: ComparedGraph, places: FlinkPlaces): string[] {
  return [
    ...graph.inputs.map((input) => inputTable(input, places)),
    resultTable(graph, places),
    `INSERT INTO results ${graph.query}`,
  ]
}

/** A watermark says in Millrace that no more rows of its own time come, in Flink's SQL that none before it do: 1 ms more. */
function eventColumns(columns: string): string {
  const seconds = ((OUT_OF_ORDERNESS_MS + 1) / 1000).toFixed(3)
  return `${columns}, arrival AS PROCTIME(), rowtime AS TO_TIMESTAMP_LTZ(ts, 3),
WATERMARK FOR rowtime AS rowtime - INTERVAL '0 00:00:0${seconds}' DAY TO SECOND(3)`
}

function inputTable(input: InputName, { brokers, topics, job }: FlinkPlaces): string {
  const common = { topic: topics[input], 'properties.bootstrap.servers': brokers, 'properties.group.id': job }
  const kind: Readonly<Record<string, string>> =
    input === 'users'
      ? { connector: 'upsert-kafka', 'key.format': 'raw', 'value.format': 'json' }
      : { connector: 'kafka', format: 'json', 'scan.startup.mode': 'earliest-offset' }
  return `CREATE TABLE ${input} (${INPUT_COLUMNS[input]}) ${withOptions({ ...kind, ...common })}`
}

function resultTable({ columns, key }: ComparedGraph, { brokers, results, job }: FlinkPlaces): string {
  const declared = columns.map(({ name, type }) => `${name} ${type}`).join(', ')
  return `CREATE TABLE results (${declared}) ${withOptions({
    connector: 'kafka',
    topic: results,
    'properties.bootstrap.servers': brokers,
    'key.format': 'raw',
    'key.fields': key,
    'value.format': 'json',
    'value.json.timestamp-format.standard': 'ISO-8601',
    'sink.delivery-guarantee': 'exactly-once',
    'sink.transactional-id-prefix': job,
    'properties.transaction.timeout.ms': String(TRANSACTION_TIMEOUT_MS),
  })}`
}

function withOptions(options: Readonly<Record<string, string>>): string {
  const quote = (text: string) => `'${text.replaceAll("'", "''")}'`
  return `WITH (${Object.entries(options)
    .map(([name, value]) => `${quote(name)} = ${quote(value)}`)
    .join(', ')})`
}
