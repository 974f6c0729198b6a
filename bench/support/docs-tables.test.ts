import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { benchNames } from '../cases/index.ts'
import { replaceBlock } from './docs-tables.ts'

it('replaces what stands between the marks of a case', () => {
  const text = 'a\n<!-- figures of x -->\nold\n<!-- end of x -->\nb <!-- figures of y -->'
  expect(replaceBlock(text, 'x', 'new $&')).toBe(
    'a\n<!-- figures of x -->\nnew $&\n<!-- end of x -->\nb <!-- figures of y -->',
  )
})

it('refuses a document without the marks', () => {
  expect(() => replaceBlock('<!-- end of x --><!-- figures of x -->', 'x', '')).toThrow(
    '<!-- figures of x -->',
  )
})

it('finds a place for every case in docs/performance.md', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/performance.md'), 'utf8')
  for (const name of benchNames) expect(() => replaceBlock(text, name, '')).not.toThrow()
})
