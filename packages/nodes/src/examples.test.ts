import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseExample, runExample } from '@millrace/testkit'
import { describe, expect, it } from 'vitest'
import { catalogue, runtimes } from './index.ts'

const files = globSync('*/*/examples/*.yaml', { cwd: import.meta.dirname }).sort()
const examples = files.map((file) => ({
  file,
  example: parseExample(readFileSync(path.join(import.meta.dirname, file), 'utf8')),
}))

describe.each(examples)('$file', ({ example }) => {
  it(`${example.title}`, () => runExample(example, { catalogue, runtimes }))
})

describe('the examples', () => {
  it.each(catalogue.list())('show $type in at least two ways', ({ type }) => {
    expect(examples.filter(({ example }) => example.node === type).length).toBeGreaterThanOrEqual(2)
  })

  it('stand in the folder of the node that they are about', () => {
    for (const { file, example } of examples) {
      const [kind, folder] = file.split(path.sep)
      const definition = catalogue.get(example.node)
      expect(`${definition?.kind}s/${example.node.replace(/-sink$/, '')}`).toBe(`${kind}/${folder}`)
    }
  })
})
