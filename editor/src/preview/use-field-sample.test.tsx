import type { NodePreview } from '@millrace/engine'
import type { GraphChange } from '@millrace/graph'
import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { renderInApp } from '../testing/render.tsx'
import { stubSilentWorkers } from '../testing/silent-workers.ts'
import { type Workspace, WorkspaceContext } from '../workspace/workspace.ts'
import { useFieldSample, useSampleValues } from './use-field-sample.ts'

const PATH = ['userId']
let workspace: Workspace

function Shown() {
  const texts = useFieldSample('filter', PATH)
  const values = useSampleValues('filter')(undefined)(PATH)
  return <output>{`${texts.join()} ${values.join()}`.trim()}</output>
}

const shown = () => screen.getByRole('status').textContent
const edit = (change: GraphChange) => act(() => workspace.document.edit(change, { label: 'x' }))

/** The users of the orders as the source has them, with other settings. */
function setUser(user: { readonly type?: string; readonly sensitive?: boolean }) {
  const { fields, ...config } = orderPipeline().nodes[0]?.config ?? {}
  const others = (fields as readonly { readonly name: string; readonly type: string }[]).filter(
    ({ name }) => name !== 'userId',
  )
  const changed = [...others, { name: 'userId', type: 'string', ...user }]
  edit({ kind: 'set-config', nodeId: 'orders', config: { ...config, fields: changed } })
}

beforeEach(() => {
  stubSilentWorkers()
  workspace = openForTest(orderPipeline())
  const preview = { in: [[{ row: ['u-1'] }, { row: ['u-2'] }, { row: ['u-2'] }]] } as unknown as NodePreview
  const type = { kind: 'string', nullable: false } as const
  const inputs = [{ port: 'in', fields: [{ name: 'userId', type }], sensitive: new Set<string>() }]
  workspace.preview.store.setState({ lastRun: { nodeId: 'filter', preview, inputs } })
  renderInApp(
    <WorkspaceContext value={workspace}>
      <Shown />
    </WorkspaceContext>,
  )
})

afterEach(() => {
  workspace.dispose()
  vi.unstubAllGlobals()
})

test('offers values of the last run by its own fields, be there a mistake in the pipeline meanwhile', () => {
  expect(shown()).toBe('u-2 · 2×,u-1 u-2,u-1')
  edit({ kind: 'set-config', nodeId: 'filter', config: { mode: 'drop', condition: "userId like 'he" } })
  expect(shown()).toBe('u-2 · 2×,u-1 u-2,u-1')
  setUser({ type: 'string' })
  expect(shown()).toBe('u-2 · 2×,u-1 u-2,u-1')
})

test('offers none of a field that is sensitive by now, or was in that run', () => {
  setUser({ sensitive: true })
  expect(shown()).toBe('')
  setUser({ sensitive: false })
  expect(shown()).not.toBe('')
  const { lastRun } = workspace.preview.store.getState()
  const inputs = lastRun?.inputs.map((input) => ({ ...input, sensitive: new Set(PATH) })) ?? []
  act(() => workspace.preview.store.setState({ lastRun: lastRun && { ...lastRun, inputs } }))
  expect(shown()).toBe('')
})

test('offers none of a field that is of another type by now', () => {
  setUser({ type: 'int64' })
  expect(shown()).toBe('')
})
