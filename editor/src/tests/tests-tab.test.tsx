import type { PipelineGraph } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { chain, orderPipeline, realNode } from '../testing/order-pipeline.ts'
import { renderInApp } from '../testing/render.tsx'
import { type Workspace, WorkspaceContext } from '../workspace/workspace.ts'
import type { TestWorker } from './test-client.ts'
import { TestMark } from './test-mark.tsx'
import type { TestRequest } from './test-protocol.ts'
import { answerTest } from './test-server.ts'
import { TestsTab } from './tests-tab.tsx'

/** The worker's side in this thread. */
class Inline implements TestWorker {
  onmessage: TestWorker['onmessage'] = null
  onerror: TestWorker['onerror'] = null
  postMessage(request: TestRequest) {
    void answerTest(request, { catalogue, runtimes }).then((data) =>
      this.onmessage?.({ data } as MessageEvent),
    )
  }
  terminate() {
    this.onmessage = null
  }
}

let workspace: Workspace
beforeEach(() => {
  vi.stubGlobal('Worker', Inline)
})
afterEach(() => {
  workspace.dispose()
  vi.unstubAllGlobals()
})

function show(graph: PipelineGraph) {
  workspace = openForTest(graph)
  renderInApp(
    <WorkspaceContext value={workspace}>
      <TestsTab />
      <TestMark nodeId="filter" />
    </WorkspaceContext>,
  )
}

const generated: PipelineGraph = {
  ...orderPipeline(),
  nodes: [
    realNode('source', 'generator'),
    realNode('filter', 'filter', { mode: 'keep', condition: 'total >= 0' }),
    realNode('sink', 'kafka-sink', { connection: 'kafka', topic: 'x' }),
  ],
  edges: chain('source', 'filter', 'sink'),
  layout: {},
}

test('where there are none, it says what a test is and how to make one', () => {
  show(generated)
  screen.getByText('No tests yet')
  screen.getByRole('button', { name: 'Write a test' })
})

test('a test is written, runs anew on every edit, and shows on the node where it fails', async () => {
  show(generated)
  fireEvent.click(screen.getByRole('button', { name: 'Write a test' }))
  fireEvent.click(screen.getByRole('button', { name: 'Add an event' }))
  fireEvent.click(screen.getByRole('button', { name: 'Add an expectation' }))
  const rows = () => screen.getByLabelText('Rows of expectation 1')
  fireEvent.change(rows(), { target: { value: '3' } })
  await screen.findByText('10 rows, 3 expected', {}, { timeout: 10_000 })
  fireEvent.change(rows(), { target: { value: '10' } })
  await screen.findByText('All 1 pass', {}, { timeout: 10_000 })
  fireEvent.change(screen.getByLabelText('Name of the test'), { target: { value: 'All pass' } })
  const { document } = workspace
  const [test] = document.getState().graph.tests?.cases ?? []
  expect(test).toMatchObject({ name: 'All pass', steps: [{ to: 'source', generate: 10 }] })
  const config = { mode: 'keep', condition: 'total < 0' }
  document.edit({ kind: 'set-config', nodeId: 'filter', config }, { label: 'x' })
  await screen.findByText('0 rows, 10 expected', {}, { timeout: 10_000 })
  document.edit(
    {
      kind: 'set-tests',
      tests: {
        required: true,
        cases: [
          {
            ...(test as NonNullable<typeof test>),
            expect: [{ node: 'filter', of: 'out', check: 'count', count: 10 }],
          },
        ],
      },
    },
    { label: 'x' },
  )
  await screen.findByRole(
    'img',
    { name: /The test “All pass” fails here: 0 rows, 10 expected\./ },
    { timeout: 10_000 },
  )
})

test('expected rows are taken from what comes now', async () => {
  show({
    ...generated,
    tests: {
      required: false,
      cases: [
        {
          id: 'one',
          name: 'One',
          closeWindows: true,
          steps: [{ to: 'source', generate: 2 }],
          expect: [{ node: 'sink', of: 'in', check: 'rows', rows: [] }],
        },
      ],
    },
  })
  fireEvent.click(screen.getByRole('button', { name: 'Take what comes now' }))
  const rows = screen.getByLabelText<HTMLTextAreaElement>('Rows of expectation 1')
  await waitFor(() => expect(rows.value).toContain('orderId'), { timeout: 10_000 })
  await screen.findByText('2 rows, as expected', {}, { timeout: 10_000 })
  const list = screen.getByRole('list', { name: 'Tests' })
  within(list).getByRole('img', { name: 'Passes' })
})
