import { describe, expect, it } from 'vitest'
import { expressionParser, HIGHLIGHT_NODES } from './highlight.ts'

describe('HIGHLIGHT_NODES', () => {
  const known = new Set(expressionParser.nodeSet.types.map((type) => type.name))
  const styled: readonly string[] = Object.values(HIGHLIGHT_NODES).flat()

  it('names nodes that the grammar has, each once', () => {
    expect(styled.filter((name) => !known.has(name))).toEqual([])
    expect(new Set(styled).size).toBe(styled.length)
  })

  it('covers all words, literals and operators of an expression', () => {
    const text =
      "case when a.b = 'x' and f(1) is not null then -c || d else cast(e as int64) + 2 end or any(g, h -> extract(day from h) > 1) -- why"
    const plain: string[] = []
    expressionParser.parse(text).iterate({
      enter: (node) => {
        if (styled.includes(node.name)) return false
        if (node.node.firstChild === null) plain.push(text.slice(node.from, node.to))
        return true
      },
    })
    expect(new Set(plain)).toEqual(new Set(['.', '(', ')', ',']))
  })
})
