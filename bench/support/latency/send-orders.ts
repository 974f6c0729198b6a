import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { order } from '../beside-flink/events.ts'
import { quantile } from '../statistics.ts'

/**
 * Sends orders by a fixed schedule, whatever becomes of those before, in a process of its own:
 * `node bench/support/latency/send-orders.ts <host:port> <topic> <orders per second> <start> <end>`, both epoch ms. The
 * time of an order is the moment at which it was to be sent. Prints a `SentOrders` as JSON.
 */
export interface SentOrders {
  readonly orders: number
  /** From the moment at which the oldest order of a request was to be sent to the broker’s answer, ms. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const TICK_MS = 5
/** A partition's share of a request is one batch, which the broker takes up to a megabyte: 1,000 orders are a quarter. */
const MOST_AT_ONCE = 1_000
/** One sample of so many is plenty. */
const MAX_SAMPLES = 100_000

const [brokers = '', topic = '', perSecond = '', from = '', to = ''] = process.argv.slice(2)
const [rate, start, end] = [Number(perSecond), Number(from), Number(to)]
const kafka = new kafkajs.Kafka({ clientId: 'load', brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING })
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
await producer.connect()

const delays: number[] = []
const sending = new Set<Promise<void>>()
let failure: unknown = null
let next = 0

while (Date.now() < end && failure === null) {
  const now = Math.min(Date.now(), end)
  while (dueAt(next) <= now) sendDue(now)
  await sleep(TICK_MS)
}
await Promise.all(sending)
await producer.disconnect()
if (failure !== null) throw failure
const sent: SentOrders = {
  ...{ orders: next, p50: quantile(delays, 0.5), p99: quantile(delays, 0.99) },
  max: delays.reduce((most, delay) => Math.max(most, delay), 0),
}
console.log(JSON.stringify(sent))

function sendDue(now: number): void {
  const oldest = dueAt(next)
  const messages = []
  for (; dueAt(next) <= now && messages.length < MOST_AT_ONCE; next++) messages.push(messageOf(next))
  const request = producer
    .send({ topic, messages, acks: -1 })
    .then(() => {
      if (delays.length < MAX_SAMPLES) delays.push(Date.now() - oldest)
    })
    .catch((error: unknown) => {
      failure = error ?? new Error('a request failed')
    })
  sending.add(request)
  void request.finally(() => sending.delete(request))
}

function messageOf(i: number): { key: string; value: string } {
  const { key, value } = order(i)
  return { key, value: value.replace(/"ts":\d+/, `"ts":${Math.floor(dueAt(i))}`) }
}

function dueAt(i: number): number {
  return start + (i * 1000) / rate
}
