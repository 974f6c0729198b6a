import { compileCondition } from '@millrace/expr'
import { defineNode } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { expressionIssues } from '../../config/check-expression.ts'
import { hint } from '../../config/hint.ts'
import { issue } from '../../config/issue.ts'
import { passOn } from '../../config/pass-on.ts'
import { choiceSetting, closed } from '../../config/settings.ts'

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
    condition: Type.String({
      title: 'Condition',
      description: "True or false for each event, such as total > 100 and region = 'EU'.",
      default: '',
      maxLength: 4096,
      ...hint('condition', { port: 'in' }),
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
  infer: ({ condition }, { in: input }) => {
    const path = ['condition']
    if (condition.trim() === '') {
      const missing = issue('expression_missing', path, 'Write a condition.')
      return { outputs: passOn(input), issues: [missing] }
    }
    if (!input) return { outputs: {}, issues: [] }
    const result = compileCondition(condition, input.fields)
    return { outputs: passOn(input), issues: expressionIssues(condition, result, path) }
  },
})
