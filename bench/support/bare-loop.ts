import { connectKafka } from '../../executor/src/kafka/wire/index.ts'
import { TopicReader } from '../../tests/support/kafka.ts'
import { cpuSeconds, peakMegabytes, type Usage } from './process-usage.ts'

/**
 * Reads a topic from its beginning to its end and parses every value, nothing else:
 * `node bench/support/bare-loop.ts <host:port> <topic>`. Prints a `Usage` as JSON. It is what no executor can be
 * faster than, and runs in a process of its own as an executor does.
 */
const [brokers = '', topic = ''] = process.argv.slice(2)
/** As with an executor, the first tenth warms up. */
const WARM_UP = 0.1

const client = await connectKafka({ brokers: [brokers], clientId: 'bare-loop' })
const [description] = await client.describeTopics([topic], { refresh: true })
const partitions = (description?.partitions ?? []).map(({ partition }) => ({ topic, partition }))
const ends = (await client.listOffsets(partitions, 'last-stable')).map(({ offset }) => offset ?? 0)
const records = ends.reduce((sum, end) => sum + end, 0)
const reader = await TopicReader.open(client, topic)

const look = () => ({ events: seen, time: performance.now(), cpu: cpuSeconds(process.pid) })
let seen = 0
let total = 0
let from = look()
await reader.readTo(ends, (value) => {
  if (value !== null) total += (JSON.parse(value) as { total: number }).total
  seen++
  if (seen === Math.floor(WARM_UP * records)) from = look()
})
const to = look()
reader.close()
client.close()
if (!(total > 0)) throw new Error('the topic holds no events')
const usage: Usage = {
  events: to.events - from.events,
  seconds: (to.time - from.time) / 1000,
  cpuSeconds: to.cpu - from.cpu,
  peakMegabytes: peakMegabytes(process.pid),
}
console.log(JSON.stringify(usage))
