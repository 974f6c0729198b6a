import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { BRANCH_PORTS, type BranchConfig, branch } from './definition.ts'

const input = stream({ region: 'string', total: 'double' }, { partitionedBy: ['region'] })

function config(change: Partial<BranchConfig> = {}): BranchConfig {
  const branches = [
    { port: 'b3', name: 'Large', condition: 'total > 100' },
    { port: 'b1', name: '', condition: "region = 'EU'" },
  ]
  return { mode: 'first', branches, rest: 'out', ...change }
}

const issues = (change: Partial<BranchConfig>) => issuesOf(branch, config(change), input)
const one = (condition: string, port = 'b1') => ({ port, name: '', condition })

describe('the settings of a branch', () => {
  it('are fine with conditions over the fields that flow in', () => {
    expect(issues({})).toEqual([])
  })

  it.each<[string, Partial<BranchConfig>, string]>([
    ['no branch', { branches: [] }, 'branches_missing branches'],
    ['no condition', { branches: [one('  ')] }, 'expression_missing branches.0.condition'],
    ['an unknown field', { branches: [one('regoin is null')] }, 'expression_invalid branches.0.condition'],
    [
      'what is neither true nor false',
      { branches: [one('total')] },
      'expression_invalid branches.0.condition',
    ],
    ['one output twice', { branches: [one('true'), one('false')] }, 'duplicate_port branches.1'],
  ])('are refused with %s', (_, change, issue) => {
    expect(issues(change)).toEqual([issue])
  })

  it('are mended by an output that is free, or within the text', () => {
    expect(fixOf(branch, config({ branches: [one('true'), one('false')] }), input)).toMatchObject({
      path: ['branches', '1', 'port'],
      value: 'b2',
    })
    expect(fixOf(branch, config({ branches: [one('regoin is null')] }), input)?.value).toBe('region is null')
  })

  it('open an output for each branch, called by its name or condition, in their order, and Else', () => {
    expect(branch.openOutputs?.(config())).toEqual([
      { name: 'b3', label: 'Large' },
      { name: 'b1', label: "region = 'EU'" },
      { name: 'else', label: 'Else' },
    ])
    expect(branch.openOutputs?.(config({ rest: 'drop' })).map(({ name }) => name)).toEqual(['b3', 'b1'])
    const blank = [one(''), one('x'.repeat(50), 'b2')]
    expect(branch.openOutputs?.(config({ branches: blank })).map(({ label }) => label)).toEqual([
      'Branch 1',
      `${'x'.repeat(39)}…`,
      'Else',
    ])
  })

  it('pass the stream on at the open outputs, right or wrong', () => {
    expect(inferred(branch, config(), input).outputs).toEqual({ b3: input, b1: input, else: input })
    const wrong = config({ branches: [one('?')], rest: 'drop' })
    expect(inferred(branch, wrong, input).outputs).toEqual({ b1: input })
  })

  it('never open an output that the type does not have', () => {
    const full = BRANCH_PORTS.map((port) => one('true', port))
    const names = branch.outputs.map(({ name }) => name)
    for (const { name } of branch.openOutputs?.(config({ branches: full })) ?? [])
      expect(names).toContain(name)
    expect(() => inferred(branch, config({ branches: [...full, one('true')] }), input)).toThrow('schema')
    expect(() => inferred(branch, config({ branches: [one('true', 'else')] }), input)).toThrow('schema')
  })

  it('show as names on the card', () => {
    expect(branch.digest(config())).toBe("Large, region = 'EU', else")
    expect(branch.digest(config({ rest: 'drop' }))).toBe("Large, region = 'EU'")
  })
})
