import { type Field, formatType, scalar, structOf } from '@millrace/expr'
import type { JsonValue, StreamSchema } from '@millrace/graph'
import { PairPlan } from '../../pairs/pair-plan.ts'
import { joinShape, padsOf, SIDES } from './join-shape.ts'
import type { JoinConfig } from './settings.ts'

/** How a join works on the rows of its inputs. */
export function joinPlan(config: JoinConfig, [left, right]: readonly StreamSchema[]): PairPlan {
  const rows = [left?.fields ?? [], right?.fields ?? []] as const
  const shape = joinShape(config, ...rows)
  return new PairPlan({ shape, names: SIDES, rows, condition: config.condition })
}

/** Fields of a state row: the event of one side, and whether it was part of a pair (null: it was not, and it was late). */
export function stateFields({ kept: [left, right] }: PairPlan): readonly Field[] {
  return [
    { name: 'left', type: structOf(left.fields) },
    { name: 'right', type: structOf(right.fields) },
    { name: 'paired', type: scalar('boolean') },
  ]
}

/** Bounds and condition may change: rows that are there are judged by the new ones from then on. */
export function signatureOf(
  { on, kind }: JoinConfig,
  plan: PairPlan,
  [left, right]: readonly StreamSchema[],
): JsonValue {
  return {
    on: on.map((pair) => [pair.left, typeOf(left, pair.left), pair.right, typeOf(right, pair.right)]),
    pads: [...padsOf(kind)],
    rows: plan.signature,
  }
}

function typeOf(stream: StreamSchema | undefined, name: string): string {
  const field = stream?.fields.find((candidate) => candidate.name === name)
  return field === undefined ? '' : formatType(field.type)
}
