import { describe, expect, test } from 'vitest'
import { checkFile } from './import-rules.ts'

function faults(path: string, text: string): string[] {
  return checkFile({ path, text }).map(({ line, message }) => `${line} ${message}`)
}

describe('the direction of imports', () => {
  test('allows what points down', () => {
    expect(faults('packages/nodes/src/a.ts', "import { x } from '@millrace/engine'\n")).toEqual([])
    expect(faults('executor/src/a.ts', "import type { x } from '@millrace/nodes'\n")).toEqual([])
  })

  test('refuses what points up, also by a relative path', () => {
    expect(faults('packages/expr/src/a.ts', "\nimport { x } from '@millrace/graph'\n")).toEqual([
      '2 expr may not import graph',
    ])
    expect(faults('packages/expr/src/a.ts', "export { x } from '../../graph/src/x.ts'\n")).toEqual([
      '1 expr may not import graph',
    ])
  })

  test('keeps apps apart', () => {
    expect(faults('api/src/a.ts', "import { x } from '../../executor/src/x.ts'\n")).toEqual([
      '1 api may not import executor',
    ])
  })

  test('sees dynamic imports and imports over several lines', () => {
    expect(faults('packages/graph/src/a.ts', "const x = await import('@millrace/nodes')\n")).toHaveLength(1)
    expect(faults('packages/graph/src/a.ts', "import {\n  x,\n} from '@millrace/nodes'\n")).toHaveLength(1)
  })

  test('keeps what only servers may use out of the browser', () => {
    expect(faults('editor/src/a.ts', "import { x } from '@millrace/nodes/connectors'\n")).toHaveLength(1)
    expect(faults('api/src/a.ts', "import { x } from '@millrace/nodes/connectors'\n")).toEqual([])
  })

  test('lets only tests use the testkit', () => {
    expect(faults('packages/nodes/src/a.test.ts', "import { x } from '@millrace/testkit'\n")).toEqual([])
    expect(faults('packages/nodes/src/a.ts', "import { x } from '@millrace/testkit'\n")).toHaveLength(1)
  })
})

describe('purity', () => {
  test('refuses Node, clients, clocks and chance in packages of meaning', () => {
    expect(faults('packages/engine/src/a.ts', "import fs from 'node:fs'\n")).toHaveLength(1)
    expect(faults('packages/nodes/src/sources/kafka/operator.ts', "import k from 'kafkajs'\n")).toHaveLength(
      1,
    )
    expect(faults('packages/expr/src/a.ts', 'const now = Date.now()\n')).toEqual([
      '1 Date.now( has no place here',
    ])
    expect(faults('packages/expr/src/a.ts', 'const x = Math.random()\n')).toHaveLength(1)
  })

  test('allows them in connectors and tests', () => {
    expect(
      faults('packages/nodes/src/sources/kafka/connector.ts', "import k from 'kafkajs'\nDate.now()\n"),
    ).toEqual([])
    expect(faults('packages/engine/src/a.test.ts', 'Date.now()\n')).toEqual([])
  })

  test('does not take comments for code', () => {
    expect(
      faults('packages/expr/src/a.ts', '// not Date.now() but the argument\n/**\n * no Date.now()\n */\n'),
    ).toEqual([])
  })
})

describe('what is never allowed', () => {
  test('text as code, and markup past React', () => {
    expect(faults('api/src/a.ts', "eval('1')\n")).toHaveLength(1)
    expect(faults('executor/src/a.ts', "new Function('x')\n")).toHaveLength(1)
    expect(faults('editor/src/a.tsx', '<p dangerouslySetInnerHTML={x} />\n')).toHaveLength(1)
  })
})
