import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { literal } from './literal.ts'
import { arbitraryScalarValue } from './testing/arbitraries.ts'
import { SCALAR_KINDS } from './type.ts'

describe('literal', () => {
  it.each([
    ["it's", 'string', "'it''s'"],
    [5, 'int64', '5'],
    [5, 'double', '5.0'],
    [1e21, 'double', '1e+21'],
    [Number.NaN, 'double', "cast('NaN' as double)"],
    [0, 'timestamp', "timestamp '1970-01-01T00:00:00.000Z'"],
    [true, 'boolean', 'true'],
    [Uint8Array.of(1, 255), 'bytes', "x'01ff'"],
    [null, 'string', 'null'],
  ] as const)('writes %j of %s as %s', (value, kind, text) => {
    expect(literal(value, kind)).toBe(text)
  })

  it.each(SCALAR_KINDS)('writes every %s so that it compiles to the same value and kind', (kind) => {
    fc.assert(
      fc.property(arbitraryScalarValue[kind], (value) => {
        const result = compile(literal(value, kind), [])
        expect(result.ok && result.expression.type).toEqual({ kind, nullable: false })
        const found = result.ok && result.expression.evaluate([], { time: 0 })
        expect(found).toEqual(Object.is(value, -0) && kind !== 'double' ? 0 : value)
      }),
    )
  })
})
