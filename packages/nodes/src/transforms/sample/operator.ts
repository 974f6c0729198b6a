import type { Operator, OperatorContext, StreamRecord, TransformRuntime } from '@millrace/engine'
import { encodeJson } from '@millrace/expr'
import { keyReader } from '../../config/key-reader.ts'
import { murmur3 } from '../../config/murmur3.ts'
import { onlyInput } from '../../config/only-input.ts'
import type { SampleConfig } from './definition.ts'

/** How a sample runs. */
export const sampleRuntime: TransformRuntime<SampleConfig> = {
  role: 'transform',
  type: 'sample',
  eventTime: false,
  create: createSample,
}

/** All records of one row have one fate, updates and deletions too: nothing has to be taken back. */
function createSample(config: SampleConfig, context: OperatorContext): Operator {
  const hash = config.by === 'keys' ? keyHash(config, context) : eventHash(config, context)
  const bound = (config.percent / 100) * 2 ** 32
  return {
    process(record, _input, out) {
      if (hash(record) < bound) out.emit(record)
      else out.drop(record, 'not in the sample')
    },
  }
}

/** Keeps samples apart from what else is hashed, such as the values that are counted as distinct behind one. */
const SALT = 0x73616d70

type Hash = (record: StreamRecord) => number

/** Not murmur2, which spreads keys over partitions: a share of the keys is a share of those of each partition. */
function keyHash({ key, seed }: SampleConfig, context: OperatorContext): Hash {
  const reader = keyReader(onlyInput(context).fields, key)
  return ({ row }) => murmur3(reader.text(row), seed ^ SALT)
}

/**
 * By where an event came from (design §11.9), and by the node: of two samples in a row the second takes its share of
 * what the first has taken. An event that was made of several has no origin, and is taken by its time and values.
 */
function eventHash({ seed }: SampleConfig, context: OperatorContext): Hash {
  const own = murmur3(context.nodeId, seed ^ SALT)
  const encode = encodeJson(onlyInput(context).fields)
  return ({ origin, row, time }) =>
    origin === null
      ? murmur3(`${time} ${encode(row)}`, own)
      : murmur3(`${origin.topic} ${origin.partition} ${origin.offset}`, own)
}
