import type { KafkaForTests } from '../../../tests/support/kafka.ts'
import type { InputTopic, InputTopics } from './engine.ts'
import {
  closingOrders,
  closingPayments,
  type InputRecord,
  order,
  PARTITIONS,
  payment,
  users,
} from './events.ts'
import type { InputName } from './graphs.ts'

const AT_ONCE = 10_000

type RecordOf = (i: number) => InputRecord | null

/** Creates the topics of input, whose names begin with `prefix`, and writes those that are needed. */
export async function fillInputs(
  kafka: KafkaForTests,
  prefix: string,
  events: number,
  needed: ReadonlySet<InputName>,
): Promise<InputTopics> {
  const fill = async (name: InputName, recordOf: RecordOf | null, last: readonly InputRecord[]) => {
    const topic = `${prefix}-${name}`
    await kafka.createTopic(topic, PARTITIONS)
    const count = recordOf && needed.has(name) ? await write(kafka, topic, events, recordOf) : 0
    await kafka.produce(topic, last)
    return { topic, partitions: PARTITIONS, records: count + last.length } satisfies InputTopic
  }
  return {
    users: await fill('users', null, users()),
    orders: await fill('orders', order, closingOrders()),
    payments: await fill('payments', payment, closingPayments()),
  }
}

/** Returns how many there were. */
async function write(
  kafka: KafkaForTests,
  topic: string,
  events: number,
  recordOf: RecordOf,
): Promise<number> {
  let written = 0
  for (let from = 0; from < events; from += AT_ONCE) {
    const length = Math.min(AT_ONCE, events - from)
    const records = Array.from({ length }, (_, i) => recordOf(from + i)).filter((record) => record !== null)
    await kafka.produce(topic, records)
    written += records.length
  }
  return written
}
