import { ActionIcon, Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import type { TestResult } from '@millrace/engine'
import {
  type Expectation,
  type ExpectedSide,
  findNode,
  openOutputs,
  type PipelineTest,
} from '@millrace/graph'
import { useState } from 'react'
import { type Message, msg, shown, t, tFrom } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useDocument, useWorkspace } from '../workspace/workspace.ts'
import { Differences } from './differences.tsx'
import { readRows, replaceAt, rowsText } from './edit-tests.ts'
import type { PatchTest } from './test-detail.tsx'
import styles from './tests.module.css'

const SIDES = [
  { value: 'out', label: msg('What comes out') },
  { value: 'in', label: msg('What goes in') },
  { value: 'late', label: msg('Late rows') },
  { value: 'dropped', label: msg('Dropped rows') },
  { value: 'errors', label: msg('Errors') },
] as const satisfies readonly { value: ExpectedSide; label: Message }[]

const CHECKS = [
  { value: 'rows', label: msg('is exactly, in any order') },
  { value: 'in-order', label: msg('is exactly, in this order') },
  { value: 'contains', label: msg('contains') },
  { value: 'count', label: msg('has so many rows') },
  { value: 'every', label: msg('meets, in every row') },
] as const

type CheckChoice = (typeof CHECKS)[number]['value']

interface ExpectationsProps {
  readonly test: PipelineTest
  readonly result: TestResult | undefined
  readonly patch: PatchTest
}

/** What a test expects, each expectation with what came of it. */
export function Expectations({ test, result, patch }: ExpectationsProps) {
  const graph = useDocument((state) => state.graph)
  const { nodeTypes } = useWorkspace()
  const { expect } = test
  const set = (next: readonly Expectation[], label: string) => patch({ expect: next }, label)
  const last =
    graph.nodes.findLast(({ type }) => nodeTypes.catalogue.get(type)?.kind === 'sink') ?? graph.nodes.at(-1)
  const add = () => {
    if (last === undefined) return
    const of = nodeTypes.catalogue.get(last.type)?.kind === 'sink' ? 'in' : 'out'
    set([...expect, { node: last.id, of, check: 'count', count: 1 }], t('Add an expectation'))
  }
  return (
    <section className={styles.block} aria-label={t('Expectations')}>
      <h3>
        {t('Expects')} <span className="caption num">{expect.length}</span>
      </h3>
      {expect.map((expectation, i) => (
        <ExpectationRow
          // biome-ignore lint/suspicious/noArrayIndexKey: expectations have no name but their place
          key={i}
          at={i}
          test={test}
          expectation={expectation}
          result={result?.expectations[i]}
          onChange={(next) => set(replaceAt(expect, i, next), t('Edit expectation {i}', { i: i + 1 }))}
          onRemove={() => set(replaceAt(expect, i), t('Remove an expectation'))}
        />
      ))}
      <Button size="xs" variant="default" disabled={last === undefined} onClick={add}>
        {t('Add an expectation')}
      </Button>
    </section>
  )
}

interface ExpectationRowProps {
  readonly at: number
  readonly test: PipelineTest
  readonly expectation: Expectation
  readonly result: TestResult['expectations'][number] | undefined
  readonly onChange: (next: Expectation) => void
  readonly onRemove: () => void
}

function ExpectationRow({ at, test, expectation, result, onChange, onRemove }: ExpectationRowProps) {
  const { view } = useWorkspace()
  const graph = useDocument((state) => state.graph)
  const name = t('expectation {at}', { at: at + 1 })
  const { node, of, port } = expectation
  const choice: CheckChoice =
    expectation.check === 'rows' && expectation.inOrder ? 'in-order' : expectation.check
  const nodes = graph.nodes.map(({ id, label }) => ({ value: id, label: label || id }))
  const known = nodes.some(({ value }) => value === node)
    ? nodes
    : [...nodes, { value: node, label: t('{node} (gone)', { node }) }]
  return (
    <div className={styles.expectation} data-passed={result?.passed}>
      <div className={styles.expectationHead}>
        {result && (
          <Icon
            name={result.passed ? 'ok' : 'err'}
            size={14}
            className={`${result.passed ? styles.ok : styles.err}`}
            label={result.passed ? t('Holds') : t('Does not hold')}
          />
        )}
        <Select
          size="xs"
          aria-label={t('Node of {name}', { name })}
          allowDeselect={false}
          searchable
          data={known}
          value={node}
          onChange={(next) => next && onChange(withoutPort({ ...expectation, node: next }))}
        />
        <Select
          size="xs"
          aria-label={t('Side of {name}', { name })}
          allowDeselect={false}
          data={shown(SIDES)}
          value={of}
          onChange={(next) => next && onChange(withoutPort({ ...expectation, of: next as ExpectedSide }))}
        />
        <PortSelect expectation={expectation} name={name} onChange={onChange} />
        <Select
          size="xs"
          aria-label={t('Check of {name}', { name })}
          allowDeselect={false}
          data={shown(CHECKS)}
          value={choice}
          onChange={(next) => next && onChange(withCheck(expectation, next as CheckChoice))}
        />
        <span className="grow" />
        {findNode(graph, node) && (
          <Button size="xs" variant="subtle" onClick={() => view.reveal(node)}>
            {t('Show the node')}
          </Button>
        )}
        <ActionIcon size="xs" variant="subtle" aria-label={t('Remove {name}', { name })} onClick={onRemove}>
          <Icon name="x" size={12} />
        </ActionIcon>
      </div>
      {result && <Differences result={result} />}
      <ExpectedInput
        key={`${node} ${of} ${port} ${choice}`}
        test={test}
        expectation={expectation}
        name={name}
        onChange={onChange}
      />
    </div>
  )
}

interface PartProps {
  readonly expectation: Expectation
  readonly name: string
  readonly onChange: (next: Expectation) => void
}

/** Only where there are several ports to choose from. */
function PortSelect({ expectation, name, onChange }: PartProps) {
  const { nodeTypes } = useWorkspace()
  const node = useDocument(({ graph }) => findNode(graph, expectation.node))
  const definition = node && nodeTypes.catalogue.get(node.type)
  if (node === undefined || definition === undefined) return null
  const { of, port } = expectation
  const all =
    of === 'out' ? openOutputs(definition, node) : of === 'in' || of === 'dropped' ? definition.inputs : []
  const ports = all.filter((each) => each.name !== 'late')
  if (ports.length < 2) return null
  return (
    <Select
      size="xs"
      aria-label={t('Port of {name}', { name })}
      allowDeselect={false}
      data={ports.map((each) => ({ value: each.name, label: tFrom(each.label) }))}
      value={port ?? ports[0]?.name ?? null}
      onChange={(next) => next && onChange({ ...expectation, port: next })}
    />
  )
}

function ExpectedInput({ test, expectation, name, onChange }: PartProps & { readonly test: PipelineTest }) {
  if (expectation.check === 'count') {
    return (
      <NumberInput
        size="xs"
        aria-label={t('Rows of {name}', { name })}
        min={0}
        allowDecimal={false}
        value={expectation.count}
        onChange={(value) => onChange({ ...expectation, count: Math.max(0, Math.trunc(Number(value)) || 0) })}
      />
    )
  }
  if (expectation.check === 'every') {
    return (
      <TextInput
        size="xs"
        aria-label={t('Condition of {name}', { name })}
        placeholder="total > 0"
        spellCheck={false}
        classNames={{ input: styles.code ?? '' }}
        value={expectation.condition}
        onChange={(event) => onChange({ ...expectation, condition: event.currentTarget.value })}
      />
    )
  }
  return <RowsInput test={test} expectation={expectation} name={name} onChange={onChange} />
}

interface RowsInputProps extends PartProps {
  readonly test: PipelineTest
  readonly expectation: Extract<Expectation, { rows: unknown }>
}

/** Expected rows as text, or taken from what comes now. */
function RowsInput({ test, expectation, name, onChange }: RowsInputProps) {
  const { tests: runs } = useWorkspace()
  const [typed, setTyped] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const take = async () => {
    const rows = await runs.rowsOf(test, expectation)
    setTyped(null)
    if (typeof rows === 'string') setProblem(rows)
    else {
      setProblem(null)
      onChange({ ...expectation, rows })
    }
  }
  return (
    <div className={styles.rows}>
      <Textarea
        size="xs"
        aria-label={t('Rows of {name}', { name })}
        description={t(
          'One JSON object a line; fields that it does not name are not compared. Paths such as items.0.sku lead inside.',
        )}
        error={problem}
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: styles.code ?? '' }}
        value={typed ?? rowsText(expectation.rows)}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          const rows = readRows(event.currentTarget.value)
          setProblem(typeof rows === 'string' ? rows : null)
          if (typeof rows !== 'string') onChange({ ...expectation, rows })
        }}
        onBlur={() => problem === null && setTyped(null)}
      />
      <Button size="xs" variant="default" onClick={() => void take()}>
        {t('Take what comes now')}
      </Button>
    </div>
  )
}

function withoutPort({ port: _, ...expectation }: Expectation): Expectation {
  return expectation
}

/** Another check of the same rows; what both have in common is kept. */
function withCheck(expectation: Expectation, choice: CheckChoice): Expectation {
  const { node, of, port } = expectation
  const place = { node, of, ...(port !== undefined && { port }) }
  const rows = 'rows' in expectation ? expectation.rows : []
  switch (choice) {
    case 'count':
      return { ...place, check: 'count', count: rows.length }
    case 'every':
      return { ...place, check: 'every', condition: '' }
    case 'contains':
      return { ...place, check: 'contains', rows }
    default:
      return { ...place, check: 'rows', rows, ...(choice === 'in-order' && { inOrder: true }) }
  }
}
