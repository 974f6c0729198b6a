import { describe, expect, test } from 'vitest'
import { readInline, readMarkdown } from './markdown-blocks.ts'

describe('readMarkdown', () => {
  test('reads headings, paragraphs, lists, tables and code', () => {
    const text = [
      '# Filter',
      '',
      'Keeps events',
      'that match.',
      '- one',
      '  goes on',
      '- two',
      '',
      '1. first',
      '',
      '| A | B |',
      '|---|---|',
      '| `x` | y \\| z |',
      '',
      '```sql',
      'a <b>',
      '```',
    ].join('\n')
    expect(readMarkdown(text)).toEqual([
      { kind: 'heading', level: 1, text: 'Filter' },
      { kind: 'paragraph', text: 'Keeps events that match.' },
      { kind: 'list', ordered: false, items: ['one goes on', 'two'] },
      { kind: 'list', ordered: true, items: ['first'] },
      { kind: 'table', head: ['A', 'B'], rows: [['`x`', 'y | z']] },
      { kind: 'code', text: 'a <b>' },
    ])
  })

  test('takes HTML for plain text', () => {
    expect(readMarkdown('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'paragraph', text: '<img src=x onerror=alert(1)>' },
    ])
  })

  test('ends with an open fence or a lone table line', () => {
    expect(readMarkdown('```\nopen')).toEqual([{ kind: 'code', text: 'open' }])
    expect(readMarkdown('| a |')).toEqual([{ kind: 'paragraph', text: '| a |' }])
  })
})

describe('readInline', () => {
  test('reads code, strong, emphasis and links', () => {
    expect(readInline('a `b` **c** *d* [e](https://f.example)')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', text: 'd' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'e', href: 'https://f.example' },
    ])
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example'])('%s is no link', (href) => {
    expect(readInline(`[x](${href})`).some(({ kind }) => kind === 'link')).toBe(false)
  })
})
