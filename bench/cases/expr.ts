import {
  compileCondition,
  decimal,
  decodeJson,
  type Evaluate,
  encodeJson,
  parseType,
  type Row,
} from '@millrace/expr'
import type { BenchCase } from '../support/bench-case.ts'
import { measureRounds, PER_RECORD_AND_RATIO, perRecordFigure, timeLoop } from '../support/rounds.ts'

const RECORDS = 20_000

/** Expressions and the JSON bridge on one core. */
export const benchCase: BenchCase = {
  method:
    '20,000 orders of about 300 bytes, 15 rounds of all rows after one to warm up; bare is JSON.parse over the same texts in the same round',
  columns: PER_RECORD_AND_RATIO,
  run: async ({ quick }) => {
    await measureRounds(
      others.map((other) => timeLoop(RECORDS, (i) => other(at(rows, i), context))),
      quick ? 1 : 15,
    )
    const works = CASES.map(([, work]) => timeLoop(RECORDS, work))
    const samples = await measureRounds(works, quick ? 1 : 15)
    return CASES.map(([name], i) => perRecordFigure(name, samples[i] ?? [], samples[0] ?? []))
  },
}

const schema = fieldsOf(
  `struct<orderId string not null, userId string not null, items array<struct<sku string not null, qty int64 not null,
   price double not null>> not null, total double not null, ts timestamp not null, status string, channel string,
   note string>`,
)

function fieldsOf(type: string) {
  const result = parseType(type)
  if (!result.ok || result.type.kind !== 'struct') throw new Error('the schema of the bench is wrong')
  return result.type.fields
}

function order(i: number): string {
  const items = [
    { sku: `sku-${i % 100}`, qty: (i % 5) + 1, price: 12.5 + (i % 10) },
    { sku: `sku-${i % 37}`, qty: 2, price: 3.99 },
  ]
  const total = (i % 1000) + 0.25
  const note = `left at the door, ring twice or call the neighbour on floor ${i % 10}`
  const status = i % 10 === 0 ? 'cancelled' : 'created'
  const ts = 1_738_317_600_000 + i
  return JSON.stringify({
    orderId: `o-${i}`,
    userId: `u-${(i * 7919) % 5000}`,
    items,
    total,
    ts,
    status,
    channel: 'web',
    note,
  })
}

function conditionOf(text: string, fields = schema): Evaluate {
  const result = compileCondition(text, fields)
  if (!result.ok) throw new Error(result.issues[0]?.message)
  return result.expression.evaluate
}

type Work = (i: number) => unknown

function at<T>(list: readonly T[], i: number): T {
  return list[i] as T
}

const encoder = new TextEncoder()
const texts = Array.from({ length: RECORDS }, (_, i) => order(i))
const records = texts.map((text) => encoder.encode(text))
const longIds = texts.map((text, i) =>
  encoder.encode(text.replace('"total":', `"big":${9_007_199_254_740_993n + BigInt(i)},"total":`)),
)
const objects = texts.map((text) => JSON.parse(text))
const decode = decodeJson(schema)
const decodeLong = decodeJson([...schema, ...fieldsOf('struct<big int64>')])
/** The same records with money as decimals: short numbers take the same lane as doubles. */
const decimalSchema = fieldsOf(
  `struct<orderId string not null, userId string not null, items array<struct<sku string not null, qty int64 not null,
   price decimal(10, 2) not null>> not null, total decimal(12, 2) not null, ts timestamp not null, status string,
   channel string, note string>`,
)
const decodeDecimal = decodeJson(decimalSchema)
/** A total of 16 digits: more than a double tells. */
const longTotals = texts.map((text) => encoder.encode(text.replace(/"total":\d+/, '"total":12345678901234')))
const decodeLongDecimal = decodeJson(
  decimalSchema.map((field) => (field.name === 'total' ? { ...field, type: decimal(20, 2, false) } : field)),
)
const encode = encodeJson(schema)
const rows: readonly Row[] = records.map(decode)
const decimalRows: readonly Row[] = records.map(decodeDecimal)
const filter = conditionOf("status = 'created' and total > 100 and channel <> 'shop'")
const exact = conditionOf("status = 'created' and total > 100.5 and channel <> 'shop'", decimalSchema)
const lambda = conditionOf('any(items, i -> i.qty > 4 and i.price > 20)')
const computed = conditionOf("lower(channel) = 'web' and total * 2 > 100 and userId like 'u-1%'")

/** Evaluated before anything is measured: in a pipeline no shape of condition has the closures to itself. */
const others = [
  "status in ('created', 'paid') or total between 1 and 5",
  'total is not null and not (ts > event_time())',
  "case when total > 5 then 'a' else 'b' end = 'a' or length(note) > 5",
  "coalesce(status, 'x') || channel like '%web' and array_length(items) = 2",
  "ts < '2030-01-01' and total * 2 + 1 < 100 and channel = 'web' and userId <> 'u-1'",
].map((text) => conditionOf(text))
const context = { time: 0 }

const CASES: readonly (readonly [string, Work])[] = [
  ['bare JSON.parse of the text', (i) => JSON.parse(at(texts, i))],
  ['condition of 3 terms', (i) => filter(at(rows, i), context)],
  ['condition of 3 terms, one a decimal', (i) => exact(at(decimalRows, i), context)],
  ['condition with a lambda over 2 elements', (i) => lambda(at(rows, i), context)],
  ['condition of 3 terms with functions', (i) => computed(at(rows, i), context)],
  ['decode, fast lane', (i) => decode(at(records, i))],
  ['decode, fast lane, decimals', (i) => decodeDecimal(at(records, i))],
  ['decode, exact lane, int64 beyond 2^53', (i) => decodeLong(at(longIds, i))],
  ['decode, exact lane, decimal of 16 digits', (i) => decodeLongDecimal(at(longTotals, i))],
  ['encode', (i) => encode(at(rows, i))],
  ['bare JSON.stringify', (i) => JSON.stringify(at(objects, i))],
  ['decode, filter, encode', (i) => passOn(decode(at(records, i)))],
]

function passOn(row: Row): unknown {
  return filter(row, context) === true ? encode(row) : null
}
