import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { validate } from '@millrace/graph'
import { parseExample, prepareExample, runExample } from '@millrace/testkit'
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

  it.each(examples)('of $file do with nulls what they mean', ({ example }) => {
    const { graph, catalogue: withHarness } = prepareExample(example, { catalogue, runtimes })
    const hints = validate(graph, withHarness).filter(({ code }) => code === 'expression_hint')
    expect(hints.map(({ message }) => message)).toEqual([])
  })

  it('stand in the folder of the node that they are about', () => {
    for (const { file, example } of examples) {
      const [kind, folder] = file.split(path.sep)
      const definition = catalogue.get(example.node)
      expect(`${definition?.kind}s/${example.node.replace(/-sink$/, '')}`).toBe(`${kind}/${folder}`)
    }
  })
})
