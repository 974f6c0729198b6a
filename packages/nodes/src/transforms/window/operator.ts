import type {
  DueTimer,
  Operator,
  OperatorContext,
  Output,
  PreAggregation,
  StateLayout,
  StreamRecord,
  Touch,
  TransformRuntime,
} from '@millrace/engine'
import { formatType } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { onlyInput } from '../../config/only-input.ts'
import type { WindowConfig } from './definition.ts'
import { OpenWindows } from './open-windows.ts'
import { MergeWindow, PartialWindow, partialFields } from './pre-aggregation.ts'
import { WindowPlan } from './window-plan.ts'

/** How a window runs. */
export const windowRuntime: TransformRuntime<WindowConfig> = {
  role: 'transform',
  type: 'window',
  eventTime: true,
  keyFields: ({ groupBy }) => groupBy,
  state: (config, [input]) => stateOf(config, input),
  preAggregation,
  create: (config, context) => new Window(new WindowPlan(config, onlyInput(context)), context),
}

/** The lateness is no part of the signature: open windows keep their cells when it changes. */
function stateOf(config: WindowConfig, input: StreamSchema | undefined): StateLayout {
  const plan = new WindowPlan(config, onlyInput({ inputs: input ? [input] : [] }))
  const { size, offset } = config
  return {
    fields: plan.aggregates.cellFields,
    signature: {
      size,
      offset,
      groupBy: plan.groupFields.map(({ name, type }) => [name, formatType(type)]),
      aggregates: plan.aggregates.signature,
    },
  }
}

/** Late events are judged behind the cut, where only partial rows arrive: a connected late port needs the events. */
function preAggregation(
  config: WindowConfig,
  input: StreamSchema,
  connected: ReadonlySet<string>,
): PreAggregation | null {
  if (connected.has('late')) return null
  const plan = new WindowPlan(config, input)
  if (!plan.aggregates.preAggregates) return null
  return {
    fields: partialFields(plan),
    createPartial: () => new PartialWindow(plan),
    createMerge: (context) => new MergeWindow(plan, context),
  }
}

/** Takes the events themselves. */
class Window implements Operator {
  readonly #plan: WindowPlan
  readonly #open: OpenWindows

  constructor(plan: WindowPlan, context: OperatorContext) {
    this.#plan = plan
    this.#open = new OpenWindows(plan, context)
  }

  touches({ row, time }: StreamRecord, _input: number, touch: Touch): void {
    this.#open.touch(this.#plan.group.text(row), this.#plan.startOf(time), touch)
  }

  /** The expressions come first: an event for which they fail is an error whether it is late or not. */
  process(record: StreamRecord, _input: number, out: Output): void {
    const { aggregates, group } = this.#plan
    const values = aggregates.evaluate(record.row, record)
    const start = this.#plan.checkedStartOf(record.time)
    if (this.#open.isFinal(start)) out.late(record)
    else
      this.#open.update(group.text(record.row), start, (cells) =>
        aggregates.add(cells, 0, values, record.time),
      )
  }

  onTimer(timer: DueTimer, out: Output): void {
    this.#open.close(timer, out)
  }
}
