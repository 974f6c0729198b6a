import type { NodePreview } from '@millrace/engine'
import { MASK } from '@millrace/graph'
import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { renderInApp } from '../testing/render.tsx'
import { stubSilentWorkers } from '../testing/silent-workers.ts'
import { type Workspace, WorkspaceContext } from '../workspace/workspace.ts'
import { NodeResult } from './node-result.tsx'

const origin = { topic: 'orders', partition: 0, offset: 7 }
const row = { row: ['o-1', 'ada', 5, 0], time: 0, origin, open: false, events: null }
const preview: NodePreview = {
  ...{ in: [[row]], out: [[]], late: [], watermark: null, paired: null },
  dropped: [{ ...row, cause: 'the condition is true', input: 0 }],
  errors: [
    {
      nodeId: 'filter',
      code: 'invalid_cast',
      message: "'ada' cannot be read as int64",
      origin,
      rowJson: null,
    },
  ],
  counts: { in: 2, out: 0, dropped: 1, late: 0, errors: 1 },
}

let workspace: Workspace

/** The result of the filter by users, who are sensitive or not. */
function show(sensitive: boolean) {
  const config = orderPipeline().nodes[0]?.config ?? {}
  const fields = (config.fields as readonly { readonly name: string; readonly type: string }[]).map(
    (field) => (field.name === 'userId' && sensitive ? { ...field, sensitive } : field),
  )
  const change = { kind: 'set-config', nodeId: 'orders', config: { ...config, fields } } as const
  act(() => workspace.document.edit(change, { label: 'x' }))
  const { container } = renderInApp(
    <WorkspaceContext value={workspace}>
      <NodeResult nodeId="filter" preview={preview} />
    </WorkspaceContext>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Show' }))
  return container
}

beforeEach(() => {
  stubSilentWorkers()
  workspace = openForTest(orderPipeline())
})

afterEach(() => {
  workspace.dispose()
  vi.unstubAllGlobals()
})

test('neither rows, nor what was dropped, nor texts of errors tell a sensitive value', () => {
  const shown = show(true)
  expect(shown.innerHTML).not.toContain('ada')
  expect(screen.getByText(`${MASK} cannot be read as int64`)).toBeTruthy()
})

test('they do where nothing is sensitive', () => {
  expect(show(false).innerHTML.split('ada').length).toBeGreaterThan(3)
  expect(screen.getByText("'ada' cannot be read as int64")).toBeTruthy()
})
