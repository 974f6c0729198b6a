import type { Issue } from '../issue.ts'
import { issueOf } from '../issue-codes.ts'
import { quote } from '../words.ts'
import type { PipelineTests } from './model.ts'

/** The members that tell what a step is; one of them must be there, and those beside it must fit. */
const STEP_FORMS: readonly { readonly has: string; readonly beside: readonly string[] }[] = [
  { has: 'clock', beside: [] },
  { has: 'generate', beside: ['to'] },
  { has: 'value', beside: ['to', 'at', 'key'] },
  { has: 'base64', beside: ['to', 'at', 'key'] },
]

/** What is wrong with tests that have the right shape: steps that are none, ids in use twice. */
export function checkTests({ cases }: PipelineTests): readonly Issue[] {
  const seen = new Set<string>()
  return cases.flatMap(({ id, name, steps }, at) => {
    const path = ['tests', 'cases', String(at)]
    const isRepeated = seen.has(id)
    seen.add(id)
    const wrong = steps.findIndex((step) => !isStep(step))
    const found: Issue[] = []
    if (isRepeated)
      found.push(
        issueOf('duplicate_id', null, `Two tests have the id ${quote(id)}.`, { path: [...path, 'id'] }),
      )
    if (wrong >= 0) {
      const message = `Step ${wrong + 1} of the test ${quote(name)} is none: give "to" with "value" or "base64", "to" with "generate", or "clock" alone.`
      found.push(issueOf('invalid_document', null, message, { path: [...path, 'steps', String(wrong)] }))
    }
    return found
  })
}

function isStep(step: object): boolean {
  const members = Object.keys(step)
  const form = STEP_FORMS.find(({ has }) => members.includes(has))
  if (form === undefined) return false
  const allowed = new Set([form.has, ...form.beside])
  return members.every((member) => allowed.has(member)) && (form.has === 'clock' || members.includes('to'))
}
