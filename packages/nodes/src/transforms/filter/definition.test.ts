import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { filter } from './definition.ts'

const input = stream({ region: 'string', total: 'double' })

function issues(condition: string): string[] {
  return issuesOf(filter, { mode: 'keep', condition }, input)
}

describe('the settings of a filter', () => {
  it('are fine with a condition over the fields that flow in', () => {
    expect(issues("region = 'EU' and total > 1")).toEqual([])
  })

  it.each([
    ['nothing', '  ', 'expression_missing condition'],
    ['an unknown field', 'regoin is null', 'expression_invalid condition'],
    ['something that is neither true nor false', 'total + 1', 'expression_invalid condition'],
    ['half a sentence', 'total >', 'expression_invalid condition'],
  ])('are refused with %s', (_, condition, issue) => {
    expect(issues(condition)).toEqual([issue])
  })

  it('are mended within the text', () => {
    expect(fixOf(filter, { mode: 'keep', condition: 'total > 1 and regoin is null' }, input)).toMatchObject({
      path: ['condition'],
      value: 'total > 1 and region is null',
    })
  })

  it('come with a warning, and a fix, where events without a value get lost', () => {
    const settings = { mode: 'keep', condition: "total > 1 and region <> 'EU'" }
    expect(inferred(filter, settings, input).issues).toEqual([
      {
        code: 'expression_hint',
        severity: 'warning',
        path: ['condition'],
        message:
          'Where region is null, this is null and does not match. Change it, or add region is not null if that is meant.',
        fix: {
          label: "Change to region is distinct from 'EU'",
          path: ['condition'],
          value: "total > 1 and region is distinct from 'EU'",
        },
      },
    ])
    expect(issues("region <> 'EU' and region is not null")).toEqual([])
  })

  it('are not judged by fields while nothing flows in', () => {
    expect(issuesOf(filter, { mode: 'keep', condition: 'x > 1' }, null)).toEqual([])
  })

  it('pass the stream on, right or wrong', () => {
    expect(inferred(filter, { mode: 'keep', condition: 'x >' }, input).outputs).toEqual({ out: input })
  })

  it('show as condition on the card', () => {
    expect(filter.digest({ mode: 'keep', condition: 'a > 1' })).toBe('a > 1')
    expect(filter.digest({ mode: 'drop', condition: 'a > 1' })).toBe('drop a > 1')
  })
})
