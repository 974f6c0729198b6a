import { ISSUE_CODES as GRAPH_CODES } from '@millrace/graph'
import { ISSUE_CODES as NODE_CODES } from '@millrace/nodes'
import { describe, expect, it } from 'vitest'
import { WORLD_ISSUES } from '../../api/src/deployments/issue-codes.ts'
import { ERRORS } from '../../api/src/errors.ts'
import { readText } from './support/documents.ts'

const codes = [ERRORS, WORLD_ISSUES, GRAPH_CODES, NODE_CODES].flatMap((table) => Object.keys(table))

/** By code: what happened, why, what to do. */
const rows = new Map(
  readText('docs/errors.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [code = '', ...cells] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
      return [code.replaceAll('`', ''), cells] as const
    }),
)

describe('docs/errors.md', () => {
  it.each(codes)('says of %s what happened, why, and what to do', (code) => {
    expect(rows.get(code)).toHaveLength(3)
    for (const cell of rows.get(code) ?? []) expect(cell).toMatch(/^[A-Z].*\.$/)
  })

  it('names no code that does not exist', () => {
    const known = new Set([...codes, 'test_failed'])
    expect([...rows.keys()].filter((code) => !known.has(code))).toEqual([])
  })
})
