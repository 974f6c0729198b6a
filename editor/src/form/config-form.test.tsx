import { scalar } from '@millrace/expr'
import type { Issue, JsonValue, NodeConfig, NodeDefinition } from '@millrace/graph'
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import { useState } from 'react'
import { Type } from 'typebox'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { expressionInput, typeExpression } from '../testing/expression-input.ts'
import { renderInApp } from '../testing/render.tsx'
import { nodeTypes } from '../workspace/node-types.ts'
import { ConfigForm } from './config-form.tsx'
import type { FormSchema } from './describe-form.ts'
import { type Form, FormContext } from './form-context.ts'
import { listHelpOf } from './list-help.ts'

// The values of the sample need an open pipeline; they have tests of their own.
vi.mock('./condition/sample-values.tsx', () => ({ SampleValues: () => null }))

const fields = [
  { name: 'userId', type: scalar('string') },
  { name: 'total', type: scalar('double') },
]

interface Given {
  readonly schema: FormSchema
  readonly config: NodeConfig
  readonly issues?: readonly Issue[]
  readonly applyFix?: Form['applyFix']
  readonly definition?: NodeDefinition
}

const stream = { fields, partitionedBy: null, eventTimeField: null }
const schemas = { inputs: { in: stream }, outputs: {} }

/** Shows a form over a config and keeps what is set. */
function show({ schema, config, issues = [], applyFix = () => {}, definition }: Given) {
  const set = vi.fn()
  let current = config
  function Holder() {
    const [held, setHeld] = useState(config)
    current = held
    const form: Form = {
      pipelineId: 'p1',
      nodeId: 'n',
      config: held,
      issues,
      connections: [
        { id: 'kafka', kind: 'kafka', label: 'Main Kafka', settings: {}, secretNames: [], updatedAt: 0 },
        { id: 'es', kind: 'elasticsearch', label: 'Search', settings: {}, secretNames: [], updatedAt: 0 },
      ],
      fieldsAt: (port) => (port === undefined ? null : fields),
      connectedPorts: [],
      samplesAt: () => () => [],
      listHelp: (path) => listHelpOf(definition, held, path, { schemas, samplesAt: () => () => [] }),
      set(path, value, how) {
        set(path, value, how)
        setHeld(put(held, path, value) as NodeConfig)
      },
      setAll(values) {
        setHeld(values.reduce<JsonValue>((value, [path, next]) => put(value, path, next), held) as NodeConfig)
      },
      leave: () => {},
      applyFix,
    }
    return (
      <FormContext value={form}>
        <ConfigForm schema={schema} shownPath={[]} />
      </FormContext>
    )
  }
  renderInApp(<Holder />)
  return { set, config: () => current }
}

function put(value: JsonValue, [name, ...rest]: readonly string[], next: JsonValue | undefined): JsonValue {
  if (name === undefined) return next ?? null
  const child = (value as { readonly [name: string]: JsonValue })[name] ?? null
  const changed = rest.length === 0 ? next : put(child, rest, next)
  if (Array.isArray(value)) return value.with(Number(name), changed ?? null)
  const others = Object.fromEntries(Object.entries(value as object).filter(([other]) => other !== name))
  return changed === undefined ? others : { ...others, [name]: changed }
}

/** The input with this label; a list of choices has the same one. */
const input = (label: string) =>
  screen.getByLabelText<HTMLInputElement>(label, { selector: 'input, textarea, select' })
const type = (label: string, value: string) => fireEvent.change(input(label), { target: { value } })

function realForm(name: string, more: NodeConfig = {}, issues: readonly Issue[] = []) {
  const definition = nodeTypes.catalogue.get(name)
  if (definition === undefined) throw new Error(name)
  return show({ schema: definition.config, config: { ...definition.defaults, ...more }, issues, definition })
}

/** Settings of a node type by the other settings beside which they are shown. */
function settingsByNeed(name: string): [string, NodeConfig, string[]][] {
  const schema = nodeTypes.catalogue.get(name)?.config as FormSchema
  const needs = Object.values(schema.properties ?? {}).map(({ title = '', 'x-ui': hint }) => {
    const conditions = hint?.showWhen?.[0] ?? []
    const need = Object.fromEntries(conditions.map(({ setting, is }) => [setting, is[0] ?? null]))
    return { title, need: JSON.stringify(need) }
  })
  const groups = [...Map.groupBy(needs, ({ need }) => need)]
  return groups.map(([need, group]) => [name, JSON.parse(need), group.map(({ title }) => title)])
}

describe('a form made from a schema', () => {
  test.each(nodeTypes.catalogue.list().flatMap(({ type: name }) => settingsByNeed(name)))(
    'has inputs of %s beside %o for %o',
    (name, need, titles) => {
      realForm(name, need)
      const more = screen.queryByRole('button', { name: 'More settings' })
      if (more) fireEvent.click(more)
      for (const title of titles) {
        expect(
          screen.queryAllByText(title).length + screen.queryAllByLabelText(title).length,
        ).toBeGreaterThan(0)
      }
    },
  )

  test('leaves out what has no meaning for a kind of windows', () => {
    const labels = ['Every', 'Length', 'Slide', 'Step', 'Gap', 'Time zone', 'Early updates every']
    const shown = (more: NodeConfig) => {
      realForm('window', more)
      const found = labels.filter(
        (label) => screen.queryAllByText(label).length + screen.queryAllByLabelText(label).length > 0,
      )
      cleanup()
      return found
    }
    expect(shown({})).toEqual(['Every', 'Length'])
    expect(shown({ length: 'day' })).toEqual(['Length', 'Time zone'])
    expect(shown({ kind: 'hopping', length: 'day' })).toEqual(['Every', 'Slide'])
    expect(shown({ kind: 'cumulative' })).toEqual(['Every', 'Length', 'Step'])
    expect(shown({ kind: 'session', output: 'updating' })).toEqual(['Gap', 'Early updates every'])
  })

  test('writes texts, numbers and switches where they belong', () => {
    const schema = Type.Object({
      name: Type.String({ title: 'Name' }),
      rate: Type.Integer({ title: 'Rate' }),
      on: Type.Boolean({ title: 'On' }),
    })
    const { config } = show({ schema, config: { name: '', rate: 1, on: false } })
    type('Name', 'x')
    type('Rate', '12')
    fireEvent.click(screen.getByLabelText('On'))
    expect(config()).toEqual({ name: 'x', rate: 12, on: true })
  })

  test('a number that is being typed goes no further until it is one', () => {
    const schema = Type.Object({ rate: Type.Integer({ title: 'Rate' }) })
    const { set, config } = show({ schema, config: { rate: 5 } })
    type('Rate', '')
    expect(input('Rate').value).toBe('')
    expect(set).not.toHaveBeenCalled()
    type('Rate', '7')
    expect(config()).toEqual({ rate: 7 })
  })

  test('an emptied optional setting is taken away, one that may be null becomes null', () => {
    const schema = Type.Object({
      as: Type.Optional(Type.String({ title: 'As' })),
      time: Type.Union([Type.String(), Type.Null()], {
        title: 'Time',
        'x-ui': { control: 'field', port: 'in' },
      }),
    })
    const { config } = show({ schema, config: { as: 'x', time: 'ts' } })
    type('As', '')
    type('Time', '')
    expect(config()).toEqual({ time: null })
  })

  test('a duration is a number and a unit, stored in ms, and can be switched off', () => {
    const { config } = realForm('kafka', { outOfOrderness: 5_000 })
    type('Out of order by up to', '90')
    expect(config().outOfOrderness).toBe(90_000)
    fireEvent.change(screen.getByLabelText('Out of order by up to: unit'), { target: { value: 'min' } })
    expect(config().outOfOrderness).toBe(5_400_000)
    fireEvent.click(screen.getByRole('button', { name: 'More settings' }))
    fireEvent.click(screen.getByLabelText('Idle after: off'))
    expect(config().idleTimeout).toBeNull()
    fireEvent.click(screen.getByLabelText('Idle after: off'))
    expect(config().idleTimeout).toBe(30_000)
  })

  test('connections are offered by kind', () => {
    realForm('elasticsearch')
    fireEvent.click(screen.getByRole('combobox', { name: 'Connection' }))
    expect(screen.getByRole('option', { name: 'Search', hidden: true })).toBeTruthy()
    expect(screen.queryByRole('option', { name: 'Main Kafka', hidden: true })).toBeNull()
  })

  test('lists grow, shrink and are reordered as steps of their own', () => {
    const { config, set } = realForm('window', {
      aggregates: [
        { function: 'count', as: 'n' },
        { function: 'sum', argument: 'total', as: 's' },
      ],
    })
    fireEvent.click(screen.getByRole('button', { name: 'More of Aggregate 2' }))
    fireEvent.click(screen.getByRole('button', { name: 'Move Aggregate 2 up' }))
    fireEvent.click(screen.getByRole('button', { name: 'Add to aggregates' }))
    fireEvent.click(screen.getByRole('button', { name: 'Remove Aggregate 2' }))
    expect(config().aggregates).toEqual([
      { function: 'sum', argument: 'total', as: 's' },
      { function: 'count', as: '' },
    ])
    expect(set.mock.calls.map(([, , how]) => how.isStep)).toEqual([true, true, true])
  })

  test('an entry shows what its function needs, and nothing else', () => {
    const { config } = realForm('window', {
      aggregates: [
        { function: 'count', as: 'n' },
        { function: 'percentile', argument: 'total', as: 'p' },
      ],
    })
    const entry = (i: number) => within(screen.getByRole('group', { name: `Aggregate ${i}` }))
    const labels = ['Percentile', 'Exact', 'Exact up to', 'At most']
    const shown = (i: number) => labels.filter((label) => entry(i).queryByLabelText(label))
    expect([shown(1), shown(2)]).toEqual([[], ['Percentile', 'Exact']])
    fireEvent.click(entry(2).getByLabelText('Exact'))
    fireEvent.click(entry(2).getByRole('button', { name: 'More of Aggregate 2' }))
    expect(shown(2)).toEqual(['Percentile', 'Exact', 'Exact up to'])
    fireEvent.change(entry(2).getByLabelText('Percentile'), { target: { value: '99.9' } })
    expect(config().aggregates).toMatchObject([{}, { function: 'percentile', percentile: 99.9 }])
  })

  test('all fields that are not named yet can be added at once', () => {
    const { config } = realForm('elasticsearch')
    fireEvent.click(screen.getByRole('button', { name: 'Add all 2 fields' }))
    // Each with the mapping that suits its type.
    expect(config().fields).toEqual([
      { field: 'userId', type: 'keyword' },
      { field: 'total', type: 'double' },
    ])
  })

  test('a schema table edits name, type and whether a field is always there', () => {
    const { config } = realForm('kafka', { fields: [{ name: 'id', type: 'string' }] })
    fireEvent.click(screen.getByLabelText('id is never null'))
    type('Type of id', 'int64')
    type('Name of field 1', 'orderId')
    expect(config().fields).toEqual([{ name: 'orderId', type: 'int64 not null' }])
  })

  test('a schema table takes fields from a schema that is pasted, in one step', async () => {
    const { config, set } = realForm('kafka', { fields: [{ name: 'id', type: 'string' }] })
    fireEvent.click(screen.getByRole('button', { name: 'From a schema' }))
    const dialog = within(await screen.findByRole('dialog'))
    const paste = (value: string) => fireEvent.change(dialog.getByLabelText('Schema'), { target: { value } })
    paste('message Order {')
    expect(dialog.getByText('The text ends too early.')).toBeTruthy()
    paste('message Order { required string id = 1; Missing what = 2; bool paid = 3; int64 n = 4; }')
    expect(dialog.getByText('3 fields of a Protobuf schema.')).toBeTruthy()
    expect(dialog.getByText(/There is no type "Missing"/)).toBeTruthy()
    expect(dialog.getByText(/has it in quotes/)).toBeTruthy()
    fireEvent.click(dialog.getByLabelText('Take n'))
    fireEvent.click(dialog.getByRole('button', { name: 'Take 2 fields' }))
    expect(config().fields).toEqual([
      { name: 'id', type: 'string not null' },
      { name: 'paid', type: 'boolean' },
    ])
    expect(set.mock.calls).toHaveLength(1)
    expect(set.mock.calls[0]?.[2]).toEqual({ isStep: true, label: 'Take fields from a schema' })
  })
})

describe('a table', () => {
  const region = { reference: 'table', table: 'country,region\nDE,EU\nUS,NA\n' }
  const load = async (content: BlobPart, name = 'regions.csv') => {
    const file = new File([content], name)
    const chooser = document.querySelector('input[type="file"]')
    if (chooser === null) throw new Error('no file can be chosen')
    fireEvent.change(chooser, { target: { files: [file] } })
  }

  test('is typed or loaded from a file, and says how large it is', async () => {
    const { config, set } = realForm('enrich', region)
    expect(screen.getByText('2 rows, 2 columns.')).toBeTruthy()
    type('Table', 'country\nDE')
    expect(config().table).toBe('country\nDE')
    await load('country,region,vat\nDE,EU,19\n')
    expect(await screen.findByText('1 row, 3 columns.')).toBeTruthy()
    expect(set).toHaveBeenLastCalledWith(['table'], 'country,region,vat\nDE,EU,19\n', {
      isStep: true,
      label: 'Load regions.csv',
    })
  })

  test.each([
    ['is no UTF-8', new Uint8Array([0x61, 0xff]), 'is no UTF-8 text'],
    ['is too large', 'x'.repeat(1_000_001), 'is too large'],
  ])('of a file that %s is refused', async (_, content, message) => {
    const { config } = realForm('enrich', region)
    await load(content)
    expect(await screen.findByText(new RegExp(message))).toBeTruthy()
    expect(config().table).toBe(region.table)
  })

  test('takes the place of topic and reference fields', () => {
    realForm('enrich', region)
    expect(screen.queryByText('Reference fields')).toBeNull()
    expect(screen.queryByLabelText('Connection')).toBeNull()
    expect(screen.getByText('Column types')).toBeTruthy()
    expect(screen.queryByText('From a sample')).toBeNull()
    cleanup()
    realForm('enrich')
    expect(screen.getByText('Reference fields')).toBeTruthy()
    expect(screen.queryByText('Column types')).toBeNull()
  })
})

describe('a condition', () => {
  beforeEach(() => localStorage.clear())

  /** Shows a condition as rows or as text. */
  const showAs = (view: 'Builder' | 'Text', title = 'Condition') =>
    fireEvent.click(
      within(screen.getByRole('radiogroup', { name: `${title}: how it is shown` })).getByText(view),
    )

  test('is built by rows or typed as text, each showing what the other wrote', async () => {
    const { config } = realForm('filter', { condition: 'total > 100' })
    fireEvent.change(screen.getByLabelText('Value of condition 1'), { target: { value: '0.5' } })
    expect(config().condition).toBe('total > 0.5')
    fireEvent.click(screen.getByRole('button', { name: 'Condition' }))
    expect(config().condition).toBe("total > 0.5 and userId = ''")
    fireEvent.click(
      within(screen.getByRole('radiogroup', { name: 'How the conditions are joined' })).getByText('Any'),
    )
    expect(config().condition).toBe("total > 0.5 or userId = ''")
    showAs('Text')
    const text = await expressionInput('Condition as an expression')
    expect(text.state.doc.toString()).toBe("total > 0.5 or userId = ''")
    typeExpression(text, 'userId is null')
    showAs('Builder')
    expect(input('Comparison of condition 1').value).toBe('is null')
  })

  test('has groups, which are gone with their last row', () => {
    const { config } = realForm('filter', { condition: 'total > 1' })
    fireEvent.click(screen.getByRole('button', { name: 'Group' }))
    expect(config().condition).toBe("total > 1 and (userId = '' or userId = '')")
    fireEvent.change(screen.getByLabelText('Value of condition 2.2'), { target: { value: 'x' } })
    fireEvent.click(
      within(screen.getByRole('radiogroup', { name: 'How group 2 is joined' })).getByText('All'),
    )
    fireEvent.click(screen.getByRole('button', { name: 'Condition in group 2' }))
    expect(config().condition).toBe("total > 1 and (userId = '' and userId = 'x' and userId = '')")
    fireEvent.click(screen.getByRole('button', { name: 'Remove condition 2.1' }))
    fireEvent.click(screen.getByRole('button', { name: 'Remove condition 2.2' }))
    expect(config().condition).toBe("total > 1 and userId = 'x'")
    fireEvent.click(screen.getByRole('button', { name: 'Remove condition 2.1' }))
    expect(config().condition).toBe('total > 1')
  })

  test('that is more than rows stays text, and says so', async () => {
    realForm('filter', { condition: 'length(userId) > 3' })
    expect(screen.queryByLabelText('Field of condition 1')).toBeNull()
    expect(screen.getByText(/more than the builder can show/)).toBeTruthy()
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Builder' }).disabled).toBe(true)
    typeExpression(await expressionInput('Condition as an expression'), 'total > 3')
    expect(screen.queryByText(/more than the builder can show/)).toBeNull()
    expect(screen.queryByLabelText('Field of condition 1')).toBeNull()
    showAs('Builder')
    expect(input('Field of condition 1').value).toBe('total')
  })

  test('is shown again as it was chosen last', async () => {
    realForm('filter', { condition: 'total > 1' })
    showAs('Text')
    cleanup()
    realForm('filter', { condition: 'total > 1' })
    await expressionInput('Condition as an expression')
    showAs('Builder')
    cleanup()
    realForm('filter', { condition: 'total > 1' })
    expect(input('Field of condition 1').value).toBe('total')
  })

  test('keeps "starts with" also while there is no text to start with', () => {
    const { config } = realForm('filter', { condition: "userId = ''" })
    fireEvent.click(input('Comparison of condition 1'))
    fireEvent.click(screen.getByRole('option', { name: 'starts with', hidden: true }))
    expect(config().condition).toBe("userId like '%'")
    expect(input('Comparison of condition 1').value).toBe('starts with')
  })

  test('over two events is built of the fields of each', async () => {
    const { config } = realForm('pattern')
    const both = screen.getByRole('group', { name: 'And only if' })
    fireEvent.click(within(both).getByRole('button', { name: 'Condition' }))
    expect(config().condition).toBe("a.userId = ''")
    showAs('Text', 'And only if')
    typeExpression(await expressionInput('And only if as an expression'), 'b.total > 5')
    expect(screen.getByLabelText('And only if as an expression').getAttribute('aria-invalid')).not.toBe(
      'true',
    )
    showAs('Builder', 'And only if')
    expect(input('Field of condition 1').value).toBe('b.total')
  })
})

describe('what is wrong', () => {
  const issue: Issue = {
    code: 'unknown_field',
    severity: 'error',
    nodeId: 'n',
    path: ['aggregates', '0', 'as'],
    message: 'There are two fields called "count".',
    fix: { label: 'Use "n"', change: { kind: 'set-label', nodeId: 'n', label: '' } },
  }

  test('stands at its setting, in words, with what mends it', () => {
    const applyFix = vi.fn()
    const definition = nodeTypes.catalogue.get('window')
    if (definition === undefined) throw new Error('no window')
    show({ schema: definition.config, config: definition.defaults, issues: [issue], applyFix })
    const entry = screen.getByRole('group', { name: 'Aggregate 1' })
    expect(within(entry).getByText(issue.message)).toBeTruthy()
    expect(within(entry).getByLabelText('As').getAttribute('aria-invalid')).toBe('true')
    fireEvent.click(within(entry).getByRole('button', { name: 'Use "n"' }))
    expect(applyFix).toHaveBeenCalledWith(issue)
  })

  test('in a setting that is rarely needed opens the further settings', () => {
    realForm('kafka', {}, [{ ...issue, path: ['maxAhead'], message: 'Too far ahead.' }])
    expect(screen.getByText('Too far ahead.')).toBeTruthy()
  })
})
