import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { catalogue } from './index.ts'

const packages = path.join(import.meta.dirname, '../..')

function read(...parts: string[]): string {
  return readFileSync(path.join(packages, ...parts), 'utf8')
}

it('README.md lists the node types that there are, each with its summary and its help', () => {
  const row = /^\| \[([^\]]+)\]\(src\/(\w+)s\/([\w-]+)\/README\.md\) \| `([^`]+)` \| (.+) \|$/gm
  const listed = [...read('nodes/README.md').matchAll(row)].map(([, title, kind, folder, type, summary]) => ({
    ...{ title, kind, folder, type, summary },
  }))
  const known = catalogue.list().map(({ title, kind, type, summary }) => ({
    ...{ title, kind, type, summary },
    folder: type.replace(/-sink$/, ''),
  }))
  expect(listed).toEqual(known)
})

it('docs/semantics.md has the rules that the packages name', () => {
  const rules = read('../docs/semantics.md')
  const sources = globSync('*/src/**/*.ts', { cwd: packages }).map((file) => read(file))
  const named = sources.flatMap((text) =>
    [...text.matchAll(/[Ss]emantics rules? (\d+)(?:(?:, | and | to )(\d+))*/g)].flatMap(([words]) =>
      words.match(/\d+/g),
    ),
  )
  expect(named.length).toBeGreaterThan(4)
  expect(named.filter((rule) => !rules.includes(`**Rule ${rule}.**`))).toEqual([])
})
