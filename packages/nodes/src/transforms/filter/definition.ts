import { defineNode } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { conditionIssues } from '../../config/check-expression.ts'
import { passOn } from '../../config/pass-on.ts'
import { choiceSetting, closed, conditionSetting } from '../../config/settings.ts'

const config = Type.Object(
  {
    mode: choiceSetting(
      {
        title: 'Events that match',
        description: 'What happens to events for which the condition is true.',
        default: 'keep',
      },
      { keep: 'Keep', drop: 'Drop' },
    ),
    condition: conditionSetting({
      title: 'Condition',
      description: "True or false for each event, such as total > 100 and region = 'EU'.",
    }),
  },
  closed,
)

/** Settings of a filter. */
export type FilterConfig = Static<typeof config>

/** Keeps or drops the events for which a condition is true. */
export const filter = defineNode<FilterConfig>({
  type: 'filter',
  version: 1,
  kind: 'transform',
  title: 'Filter',
  summary: 'Keeps or drops the events for which a condition is true.',
  icon: 'filter',
  config,
  defaults: { mode: 'keep', condition: '' },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Kept events' }],
  digest: ({ mode, condition }) => (mode === 'drop' && condition !== '' ? `drop ${condition}` : condition),
  infer: ({ condition }, { in: input }) => ({
    outputs: passOn(input),
    issues: conditionIssues(condition, input?.fields ?? null, ['condition']),
  }),
})
