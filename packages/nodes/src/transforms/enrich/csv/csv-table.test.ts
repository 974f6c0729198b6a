import { formatType } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { type CsvSettings, indexRows, readCsvTable, TABLE_LIMITS } from './csv-table.ts'

function read(table: string, fields: Record<string, string> = {}, more: Partial<CsvSettings> = {}) {
  const texts = Object.entries(fields).map(([name, type]) => ({ name, type }))
  return readCsvTable({ table, separator: 'comma', columns: texts, ...more })
}

const typesOf = (table: string) => read(table).fields.map(({ name, type }) => `${name} ${formatType(type)}`)
const told = (issues: ReturnType<typeof read>['issues']) =>
  issues.map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`)

describe('the types of columns that are told from their cells', () => {
  it.each([
    ['1\n-7\n0', 'int64 not null'],
    ['9223372036854775807\n1', 'int64 not null'],
    ['9223372036854775808\n1', 'double not null'],
    ['1\n2.5\n1e3', 'double not null'],
    ['01\n02', 'string not null'],
    ['true\nfalse', 'boolean not null'],
    ['TRUE\nfalse', 'string not null'],
    ['2026-01-01T00:00:00Z\n2026-01-01 10:00:00Z', 'timestamp not null'],
    ['2026-01-01\n2026-01-02', 'string not null'],
    ['1\nx', 'string not null'],
    ['1\n""', 'string not null'],
    ['NaN\n1', 'string not null'],
  ])('%j is %s', (cells, type) => {
    expect(typesOf(`x\n${cells}`)).toEqual([`x ${type}`])
  })

  it('may be null where a cell is empty', () => {
    expect(typesOf('a,b,c\n1,,\n,x,')).toEqual(['a int64', 'b string', 'c string'])
    expect(read('a,b\n1,\n,x').rows.map(({ values }) => values)).toEqual([
      [1, null],
      [null, 'x'],
    ])
  })
})

describe('the types of columns that are declared', () => {
  it('are read as cast reads them, exactly', () => {
    const types = { n: 'int64', d: 'decimal(20, 2)', t: 'timestamp not null', b: 'boolean', s: 'string' }
    const table = read('s,n,d,t,b,unused\n 1 , 9007199254740993 ,0.10,1970-01-01T00:00:01Z,TRUE,x', types)
    expect(table.issues).toEqual([])
    expect(table.rows[0]?.values).toEqual([9007199254740993n, 10, 1000, true, ' 1 '])
  })

  it.each<[string, Record<string, string>, string]>([
    ['a\nx', { a: 'int64' }, 'table_invalid table: Line 2: "x" in column "a" is no int64.'],
    [
      'a\n9223372036854775808',
      { a: 'int64' },
      'table_invalid table: Line 2: "9223372036854775808" in column "a" is no int64.',
    ],
    ['a\nNaN', { a: 'double' }, 'table_invalid table: Line 2: "NaN" in column "a" is no double.'],
    [
      'a\n123.4',
      { a: 'decimal(3, 1)' },
      'table_invalid table: Line 2: "123.4" in column "a" is no decimal(3, 1).',
    ],
    [
      'a,b\n1,',
      { b: 'string not null' },
      'table_invalid table: Line 2: column "b" is empty, which its type does not allow.',
    ],
    ['a\n1', { b: 'string' }, 'unknown_field columns.0.name: There is no field "b".'],
    [
      'a\n1',
      { a: 'array<string>' },
      'field_type columns.0.type: A cell cannot hold a value of type array<string>.',
    ],
    ['a\n1', { a: 'text' }, 'type_invalid columns.0.type'],
  ])('%j with %j is refused', (text, fields, issue) => {
    expect(told(read(text, fields).issues)).toEqual([expect.stringContaining(issue)])
  })
})

describe('a table', () => {
  it.each([
    ['  \n', 'table_missing table'],
    ['a,\n1,2', 'table_invalid table: Line 1: column 2 has no name.'],
    ['a,b,a\n1,2,3', 'table_invalid table: Line 1: two columns are called "a".'],
    ['a,b\n1,2\n\n1,2,3', 'table_invalid table: Line 4: there are 3 cells, not 2.'],
    ['a\n"1', 'table_invalid table: Line 2: a quote is opened and never closed.'],
    [`${'a,'.repeat(50)}b\n`, 'table_invalid table: Line 1: there are 51 columns; at most 50 are allowed.'],
  ])('%j is refused', (text, issue) => {
    expect(told(read(text).issues)).toEqual([expect.stringContaining(issue)])
  })

  it('has 20,000 rows at most', () => {
    const rows = (count: number) => `a\n${'1\n'.repeat(count)}`
    expect(read(rows(TABLE_LIMITS.rows)).issues).toEqual([])
    expect(told(read(rows(TABLE_LIMITS.rows + 1)).issues)).toEqual([
      expect.stringContaining('table_too_large table: It has more than 20,000 rows.'),
    ])
  })

  it('tells ten mistakes, and how many more there are', () => {
    const { issues } = read(`a\n${'x\n'.repeat(25)}`, { a: 'int64' })
    expect(issues.length).toBe(11)
    expect(issues.at(-1)?.message).toBe('There are 15 more mistakes like these.')
  })

  it('shortens what it quotes', () => {
    expect(read(`a\n${'x'.repeat(500)}`, { a: 'int64' }).issues[0]?.message.length).toBeLessThan(130)
  })

  it('may be separated by semicolons', () => {
    expect(read('a;b\n1;2,5', {}, { separator: 'semicolon' }).rows[0]?.values).toEqual([1, '2,5'])
  })
})

describe('the key of a table', () => {
  it('names each row once, and is never empty', () => {
    const { issues, rows } = indexRows(read('a,b\nx,1\nx,2\n\n"x",1\n,3'), ['a', 'b'])
    expect(rows.size).toBe(2)
    expect(issues.map(({ message }) => message)).toEqual([
      'Line 5: line 2 has the same key.',
      'Line 6: the key is empty.',
    ])
  })

  it('waits until its columns are there', () => {
    expect(indexRows(read('a\nx\nx'), ['b']).issues).toEqual([])
  })
})
