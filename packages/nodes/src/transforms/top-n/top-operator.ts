import type {
  DueRow,
  DueTimer,
  KeyedState,
  Operator,
  OperatorContext,
  Output,
  StreamRecord,
  Touch,
} from '@millrace/engine'
import type { Row } from '@millrace/expr'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { onlyInput } from '../../config/only-input.ts'
import { listKey } from './definition.ts'
import { ROW } from './list.ts'
import { orderText } from './order-text.ts'
import type { TopNConfig } from './settings.ts'

/** What every top-N has: lists by key, each read as a whole. */
export abstract class TopOperator implements Operator {
  protected readonly state: KeyedState
  protected readonly n: number
  protected readonly hasRanks: boolean
  protected readonly watermark: () => number
  protected readonly key: KeyReader
  readonly #order: (row: Row) => string

  constructor(config: TopNConfig, context: OperatorContext) {
    const { fields } = onlyInput(context)
    this.state = context.state
    this.n = config.n
    this.hasRanks = config.rank !== ''
    this.watermark = () => context.watermark()
    this.key = keyReader(fields, listKey(config))
    this.#order = orderText(fields, config.orderBy)
  }

  touches({ row }: StreamRecord, _input: number, touch: Touch): void {
    touch.range(this.key.text(row))
  }

  touchesDue({ key }: DueRow, touch: Touch): void {
    touch.range(key)
  }

  abstract process(record: StreamRecord, input: number, out: Output): void
  abstract onTimer(timer: DueTimer, out: Output): void

  /** What the sub-keys of rows begin with that stand where this row does. */
  protected orderOfRow(row: Row): string {
    return ROW + this.#order(row)
  }
}
