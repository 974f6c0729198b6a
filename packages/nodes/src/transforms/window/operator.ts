import type {
  DueRow,
  DueTimer,
  Operator,
  OperatorContext,
  Output,
  PreAggregation,
  StateLayout,
  StreamRecord,
  Tick,
  Touch,
  TransformRuntime,
} from '@millrace/engine'
import { formatType, type Value } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { onlyInput } from '../../config/only-input.ts'
import type { Addition, OpenWindows } from './open-windows.ts'
import { Pace } from './pace.ts'
import { MergeWindow, PartialWindow, partialFields } from './pre-aggregation.ts'
import type { WindowConfig } from './settings.ts'
import { BETWEEN, type WindowKind, windowKind } from './window-kinds.ts'
import { CELLS, WindowPlan } from './window-plan.ts'

/** How a window runs. */
export const windowRuntime: TransformRuntime<WindowConfig> = {
  role: 'transform',
  type: 'window',
  eventTime: true,
  keyFields: ({ groupBy }) => groupBy,
  state: (config, [input]) => stateOf(config, input),
  // A result that is held back, or corrected, is not late for whoever comes behind.
  holdBack: ({ allowedLateness }) => allowedLateness,
  tick: (config) => new Pace(config).earlyByClock,
  preAggregation,
  create: (config, context) => new Window(new WindowPlan(config, onlyInput(context)), context),
}

/** Lateness and output are no part of the signature: open windows keep their cells when they change. */
function stateOf(config: WindowConfig, input: StreamSchema | undefined): StateLayout {
  const plan = new WindowPlan(config, onlyInput({ inputs: input ? [input] : [] }))
  return {
    fields: plan.stateFields,
    openSubKeys: config.kind !== 'tumbling',
    signature: {
      windows: windowKind(config).signature,
      groupBy: plan.groupFields.map(({ name, type }) => [name, formatType(type)]),
      aggregates: plan.aggregates.signature,
    },
  }
}

/**
 * Late events are judged behind the cut, where only partial rows arrive: a connected late port needs the events. So do
 * sessions, which are made of the times of events.
 */
function preAggregation(
  config: WindowConfig,
  input: StreamSchema,
  connected: ReadonlySet<string>,
): PreAggregation | null {
  if (connected.has('late') || config.kind === 'session') return null
  const plan = new WindowPlan(config, input)
  if (!plan.aggregates.preAggregates) return null
  return {
    fields: partialFields(plan),
    createPartial: () => new PartialWindow(plan),
    createMerge: (context) => new MergeWindow(plan, context),
  }
}

/** Takes the events themselves. */
class Window implements Operator, Addition {
  readonly #plan: WindowPlan
  readonly #kind: WindowKind
  readonly #open: OpenWindows
  /** Of the event at hand. */
  #values: readonly Value[] = []
  #time = 0

  constructor(plan: WindowPlan, context: OperatorContext) {
    this.#plan = plan
    this.#kind = windowKind(plan.config)
    this.#open = this.#kind.open(plan, context)
  }

  touches({ row, time }: StreamRecord, _input: number, touch: Touch): void {
    this.#open.touch(this.#plan.group.text(row), time, touch)
  }

  /** The expressions come first: an event for which they fail is an error whether it is late or not. */
  process(record: StreamRecord, _input: number, out: Output): void {
    const { row, time } = record
    this.#values = this.#plan.aggregates.evaluate(row, record)
    this.#time = time
    if (this.#kind.paneOf(time) === null) out.drop(record, BETWEEN)
    else if (!this.#open.add(this.#plan.group.text(row), time, this, out)) out.late(record)
  }

  addTo(row: Value[]): void {
    this.#plan.aggregates.add(row, CELLS, this.#values, this.#time)
  }

  touchesDue(due: DueRow, touch: Touch): void {
    this.#open.touchDue(due, touch)
  }

  onTimer(timer: DueTimer, out: Output): void {
    this.#open.onTimer(timer, out)
  }

  onTick(tick: Tick, out: Output): void {
    this.#open.onTick(tick, out)
  }
}
