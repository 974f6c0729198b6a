import { buildParserFile } from '@lezer/generator'
import { describe, expect, it } from 'vitest'
import terms from './generated/parser.terms.ts?raw'
import parser from './generated/parser.ts?raw'
import grammar from './grammar/expr.grammar?raw'

describe('the generated parser', () => {
  it('is what the grammar says', () => {
    expect({ parser, terms }).toEqual(buildParserFile(grammar, { typeScript: true }))
  })
})
