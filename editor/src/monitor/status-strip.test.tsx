import type { LiveFrame, ProblemBody } from '@millrace/contracts'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { renderInApp } from '../testing/render.tsx'
import { WorkspaceContext } from '../workspace/workspace.ts'
import { createLiveStore } from './live-store.ts'
import { LiveContext } from './monitor-context.ts'
import { StatusStrip } from './status-strip.tsx'

const lost: ProblemBody = {
  ...{ code: 'position_lost', nodeId: 'orders', message: 'Offset 7 is gone.', since: 0 },
  ...{ resumes: false, continues: true },
}

function show(problem: ProblemBody) {
  const store = createLiveStore()
  const deployment = { state: 'attention', version: 1, reason: null, since: 0 } as const
  const frame: LiveFrame = {
    ...{ at: 1, deployment, nodes: [], partitions: [], executors: 1, problems: [problem] },
    commits: { perSecond: 0, meanMs: null, bytesPerSecond: 0 },
  }
  store.hear(frame, Date.now())
  renderInApp(
    <WorkspaceContext value={openForTest(orderPipeline())}>
      <LiveContext value={store}>
        <StatusStrip />
      </LiveContext>
    </WorkspaceContext>,
  )
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a problem in words', () => {
  test('is answered where one can go on: from where is asked, and sent', async () => {
    const asked = vi.fn(async (_path: string, _options: RequestInit) => new Response('{}', { status: 202 }))
    vi.stubGlobal('fetch', asked)
    show(lost)
    fireEvent.click(screen.getByRole('button', { name: 'Go on…' }))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.click(dialog.getByLabelText('Only events from now on'))
    fireEvent.click(dialog.getByRole('button', { name: 'Go on' }))
    const sent = () => asked.mock.calls.find(([path]) => path.endsWith('/continue'))
    await waitFor(() => expect(sent()).toBeDefined())
    expect(sent()?.[1]).toMatchObject({ method: 'POST', body: '{"from":"latest"}' })
  })

  test('has no answer where none would help', () => {
    vi.stubGlobal('fetch', async () => new Response('{}'))
    show({ ...lost, code: 'partitions_changed', continues: undefined })
    expect(screen.getByText(/Offset 7 is gone/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Go on…' })).toBeNull()
  })
})
