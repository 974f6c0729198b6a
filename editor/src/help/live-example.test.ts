import { actualRows } from '@millrace/engine'
import { validate } from '@millrace/graph'
import { catalogue, helpExample, runtimes } from '@millrace/nodes'
import { describe, expect, test } from 'vitest'
import { buildExample, EXAMPLE_NODE, shownPlaces, stepsOf } from './live-example.ts'

describe.each(catalogue.list().map(({ type }) => type))('the live example of %s', (type) => {
  const example = helpExample(type)
  const live = example && buildExample(type, example, example.config, stepsOf(example), catalogue)

  test('is there, and its settings are in order', () => {
    expect(live).toBeTruthy()
    const issues = live ? validate(live.graph, catalogue) : []
    expect(issues.filter(({ nodeId, severity }) => nodeId === EXAMPLE_NODE && severity === 'error')).toEqual(
      [],
    )
  })

  test('shows rows that the engine makes', async () => {
    if (!live) throw new Error('no example')
    const shown = await Promise.all(
      shownPlaces(live, catalogue).map(({ place }) =>
        actualRows(live.graph, live.test, place, { catalogue, runtimes }),
      ),
    )
    expect(shown.filter((rows) => typeof rows === 'string')).toEqual([])
    expect(shown.flat().length).toBeGreaterThan(0)
  })
})
