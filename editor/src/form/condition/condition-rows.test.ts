import {
  arrayOf,
  compileCondition,
  decimal,
  type Field,
  formatSimpleConditions,
  parseSimpleConditions,
  type SimpleConditions,
  scalar,
  structOf,
} from '@millrace/expr'
import { describe, expect, test } from 'vitest'
import {
  conditionFields,
  fieldAt,
  lookOf,
  newRow,
  operandText,
  operatorsFor,
  readOperand,
  typeOfKind,
  withField,
  withOperator,
  withRow,
} from './condition-rows.ts'

const fields: readonly Field[] = [
  { name: 'userId', type: scalar('string') },
  { name: 'total', type: scalar('double') },
  { name: 'price', type: decimal(18, 2) },
  { name: 'paid', type: scalar('boolean') },
  { name: 'ts', type: scalar('timestamp') },
  { name: 'address', type: structOf([{ name: 'city', type: scalar('string') }]) },
  { name: 'items', type: arrayOf(scalar('string')) },
]
const known = conditionFields(fields)
const fieldOf = (name: string) => {
  const found = known.find(({ path }) => path.join('.') === name)
  if (found === undefined) throw new Error(name)
  return found
}
const textOf = (conditions: SimpleConditions) => formatSimpleConditions(conditions)

describe('the rows of the builder', () => {
  test('are about scalar fields and the members of structs', () => {
    expect(known.map(({ path }) => path.join('.'))).toEqual([
      'userId',
      'total',
      'price',
      'paid',
      'ts',
      'address.city',
    ])
    expect(fieldAt(['address', 'city'], fields)?.type.kind).toBe('string')
    expect(fieldAt(['address', 'street'], fields)).toBeUndefined()
  })

  test.each(['userId', 'total', 'price', 'paid', 'ts', 'address.city'])(
    'every operator offered for %s gives a condition that compiles and reads back as the same rows',
    (name) => {
      const field = fieldOf(name)
      for (const { operator } of operatorsFor(typeOfKind(field.kind))) {
        const fresh = newRow(field)
        const filled = field.kind === 'string' ? [{ kind: 'string', value: 'ab' } as const] : fresh.operands
        const row = withOperator({ ...fresh, operands: filled }, operator, field.kind)
        const text = textOf({ conjunction: 'and', rows: [row] })
        expect(compileCondition(text, fields), text).toMatchObject({ ok: true })
        expect(parseSimpleConditions(text)?.rows, text).toMatchObject([{ path: row.path, operator }])
      }
    },
  )

  test('keep what fits when the field changes', () => {
    const row = withOperator(newRow(fieldOf('userId')), 'starts with', 'string')
    const typed = { ...row, operands: [{ kind: 'string', value: '12.5' } as const] }
    expect(withField(typed, fieldOf('address.city'))).toEqual({ ...typed, path: ['address', 'city'] })
    expect(withField(typed, fieldOf('total'))).toEqual({
      path: ['total'],
      operator: '=',
      operands: [{ kind: 'double', value: 12.5 }],
    })
    expect(withField(typed, fieldOf('paid')).operands).toEqual([{ kind: 'boolean', value: true }])
  })

  test('take as many operands as the operator', () => {
    const row = newRow(fieldOf('total'))
    const counts = (['is null', '<', 'between', 'in'] as const).map(
      (operator) => withOperator(row, operator, 'double').operands.length,
    )
    expect(counts).toEqual([0, 1, 2, 1])
    expect(lookOf('between').operands).toBe('two')
  })

  test('can be replaced and removed', () => {
    const rows = [newRow(fieldOf('userId')), newRow(fieldOf('total'))]
    const conditions: SimpleConditions = { conjunction: 'or', rows }
    expect(textOf(withRow(conditions, 0, null))).toBe('total = 0')
    expect(textOf(withRow(conditions, 2, newRow(fieldOf('paid'))))).toBe(
      "userId = '' or total = 0 or paid = true",
    )
  })
})

describe('an operand', () => {
  test.each([
    ['12', 'double', { kind: 'int64', value: 12 }],
    ['0.01', 'int64', { kind: 'double', value: 0.01 }],
    ['9223372036854775807', 'int64', { kind: 'int64', value: 9223372036854775807n }],
    ['9223372036854775808', 'int64', null],
    ['12.50', 'decimal', { kind: 'double', value: 12.5 }],
    ['-12345678901234567.89', 'decimal', { kind: 'decimal', value: '-12345678901234567.89' }],
    ['1.2345678901234567e3', 'decimal', null],
    ['', 'double', null],
    ['abc', 'double', null],
    ['true', 'boolean', { kind: 'boolean', value: true }],
    ['yes', 'boolean', null],
    ['2026-01-31', 'timestamp', { kind: 'timestamp', value: 1769817600000 }],
    ['soon', 'timestamp', null],
    ["it's", 'string', { kind: 'string', value: "it's" }],
  ] as const)('%s for a %s field is read as %o', (text, kind, expected) => {
    expect(readOperand(text, kind)).toEqual(expected)
  })

  test('shows timestamps as dates', () => {
    expect(operandText({ kind: 'timestamp', value: 0 })).toBe('1970-01-01T00:00:00.000Z')
  })
})
