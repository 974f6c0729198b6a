import { sameRow } from '@millrace/engine'
import type { Field } from '@millrace/expr'
import { compareLists } from './compare.ts'
import type { Example } from './example.ts'
import { type Feed, feedNamed } from './feeds.ts'
import type { Outcome, TimedRow } from './outcome.ts'
import { compareOutputs, countOutputs } from './output-ports.ts'
import type { PreparedExample } from './prepare-example.ts'
import { rowOf } from './read-values.ts'

/** What is wrong with the outcome of a run; nothing where it is what the example says. */
export function checkOutcome(prepared: PreparedExample, outcome: Outcome): readonly string[] {
  const expected = expectedOutcome(prepared)
  const lateFields = lateFieldsOf(prepared)
  const same = (fields: readonly Field[]) => (a: TimedRow, b: TimedRow) =>
    sameRow(a.row, b.row, fields) && (b.time === null || a.time === b.time)
  return [
    ...compareOutputs(prepared, outcome),
    outcome.late && compareLists('late rows', outcome.late, expected.late, same(lateFields)),
    outcome.dropped &&
      compareLists(
        'dropped rows',
        outcome.dropped,
        expected.dropped,
        (a, b) => a.cause === b.cause && same(b.fields)(a, b),
      ),
    compareLists(
      'errors',
      outcome.errors,
      expected.errors,
      (a, b) => (a.at === null || a.at === b.at) && a.code === b.code,
    ),
    outcome.messages &&
      compareLists(
        'messages',
        outcome.messages,
        expected.messages,
        (a, b) => a.key === b.key && a.value === b.value,
      ),
    outcome.documents &&
      compareLists(
        'documents',
        outcome.documents,
        expected.documents,
        (a, b) => a.target === b.target && a.id === b.id && a.body === b.body,
      ),
    ...checkCounters(prepared, outcome),
  ].filter((difference) => difference !== null)
}

/** What comes too late goes out as the late port says; a node without one is told of by its counter alone. */
function lateFieldsOf({ outputs, feeds: [feed] }: PreparedExample): readonly Field[] {
  return (outputs.late ?? feed?.schema)?.fields ?? []
}

/** Rows of one input, with its fields. */
function droppedRow(feeds: readonly Feed[], { to, row, cause }: NonNullable<Example['dropped']>[number]) {
  const { fields } = feedNamed(feeds, to).schema
  return { row: rowOf(row, fields), time: null, cause, fields }
}

function expectedOutcome(prepared: PreparedExample) {
  const { example, feeds } = prepared
  const lateFields = lateFieldsOf(prepared)
  const { late = [], dropped = [], errors = [], messages = [], documents = [] } = example
  return {
    late: late.map((row) => ({ row: rowOf(row, lateFields), time: null })),
    dropped: dropped.map((one) => droppedRow(feeds, one)),
    errors: errors.map(({ at, code }) => ({ at: at === undefined ? null : Number(at), code })),
    messages,
    documents,
  }
}

/** Counters must have moved by exactly what the example says: a node that counts wrong is a node that lies. */
function checkCounters(prepared: PreparedExample, { counters }: Outcome): string[] {
  const { example, runtime, feeds, outputs } = prepared
  // How many updates there are is free: a move to another key may come as two.
  const splits =
    feeds.some(({ schema }) => schema.updates) && runtime.role === 'transform' && runtime.keyFields
  const isUpdating = Object.values(outputs).some(({ updates }) => updates)
  const expected = {
    ...(!splits && { in: countInputs(example) }),
    filtered: example.dropped?.length ?? 0,
    late: example.late?.length ?? 0,
    errors: example.errors?.length ?? 0,
    ...(runtime.role !== 'outbox-sink' &&
      !isUpdating && { out: example.messages?.length ?? countOutputs(prepared) }),
  }
  return Object.entries(expected).flatMap(([name, count]) => {
    const moved = counters[name as keyof typeof expected & keyof typeof counters]
    return moved === undefined || moved === count ? [] : [`counter "${name}" is ${moved}, not ${count}`]
  })
}

function countInputs({ steps = [], records, events }: Example): number {
  if (events) return Number(events.count)
  return records?.length ?? steps.filter((step) => 'row' in step).length
}
