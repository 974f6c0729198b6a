import type {
  DueTimer,
  KeyedState,
  Operator,
  OperatorContext,
  Output,
  StateLayout,
  StreamRecord,
  Touch,
  TransformRuntime,
} from '@millrace/engine'
import { formatType, scalar } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { onlyInput } from '../../config/only-input.ts'
import type { DedupeConfig } from './definition.ts'

/** How a dedupe runs. */
export const dedupeRuntime: TransformRuntime<DedupeConfig> = {
  role: 'transform',
  type: 'dedupe',
  eventTime: true,
  keyFields: ({ key }) => key,
  state: stateOf,
  create: (config, context) => new Dedupe(config, context),
}

/** One row per key: the event time of the kept event. Its timer expires it. */
function stateOf({ key }: DedupeConfig, [input]: readonly StreamSchema[]): StateLayout {
  const { types } = keyReader(input?.fields ?? [], key)
  return {
    fields: [{ name: 'time', type: scalar('timestamp', false) }],
    signature: { key: key.map((name, i) => [name, types[i] ? formatType(types[i]) : '']) },
  }
}

const SUB_KEY = ''

/** First by arrival; a kept event is remembered for the TTL, counted from its event time (semantics rule 12). */
class Dedupe implements Operator {
  readonly #ttl: number
  readonly #key: KeyReader
  readonly #state: KeyedState
  readonly #watermark: () => number

  constructor({ key, ttl }: DedupeConfig, context: OperatorContext) {
    this.#ttl = ttl
    this.#key = keyReader(onlyInput(context).fields, key)
    this.#state = context.state
    this.#watermark = () => context.watermark()
  }

  touches({ row }: StreamRecord, _input: number, touch: Touch): void {
    touch(this.#key.text(row), SUB_KEY)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const key = this.#key.text(record.row)
    const kept = this.#state.get(key, SUB_KEY)?.[0] as number | undefined
    if (kept !== undefined && record.time < kept + this.#ttl) {
      out.drop(record, 'an equal event came before')
      return
    }
    this.#remember(key, record.time)
    out.emit(record)
  }

  /** The TTL may have grown since the timer was set. */
  onTimer({ key, row }: DueTimer): void {
    const time = row[0] as number
    this.#state.delete(key, SUB_KEY)
    this.#remember(key, time)
  }

  /** What has expired already is not stored: whether its timer fires before the next record must not matter. */
  #remember(key: string, time: number): void {
    const expiry = time + this.#ttl
    if (expiry > this.#watermark()) this.#state.put(key, SUB_KEY, [time], expiry)
  }
}
