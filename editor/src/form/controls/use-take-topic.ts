import type { JsonValue, TopicFills } from '@millrace/graph'
import { t } from '../../i18n/t.ts'
import type { TakenTopic } from '../../topics/topic-fields.tsx'
import { useForm, valueAt } from '../form-context.ts'
import { sensitiveRows } from './sensitive-rows.ts'

/** Takes a topic over into the form, and what its records tell into the settings beside it. */
export function useTakeTopic(path: readonly string[], fills: TopicFills | undefined) {
  const form = useForm()
  const beside = (name: string) => [...path.slice(0, -1), name]
  const rows = fills?.fields === undefined ? undefined : valueAt(form.config, beside(fills.fields))
  return {
    /** Fields that stand in the table. */
    standing: Array.isArray(rows) ? rows.length : 0,
    choose: (topic: string) => form.set(path, topic, { isStep: true, label: t('Choose a topic') }),
    take(topic: string, { fields, eventTime, outOfOrderness }: TakenTopic) {
      const marked = sensitiveRows(form.config, path, fills?.fields)
      const table = fields.map((row) => ({ ...row, ...(marked.has(row.name) && { sensitive: true }) }))
      const values: readonly (readonly [readonly string[], JsonValue])[] = [
        [path, topic],
        ...(fills?.fields ? [[beside(fills.fields), table] as const] : []),
        ...(fills?.eventTime ? [[beside(fills.eventTime), eventTime] as const] : []),
        ...(fills?.outOfOrderness && outOfOrderness !== null
          ? [[beside(fills.outOfOrderness), roomFor(outOfOrderness)] as const]
          : []),
      ]
      form.setAll(values, t('Take a topic with its fields'))
    },
  }
}

const STEPS = [1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000]

/** A round span with room above what a sample showed, ms; an hour at most, as more would hold all windows back. */
function roomFor(seen: number): number {
  return STEPS.find((step) => step >= seen * 1.5) ?? 3_600_000
}
