import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { renderInApp } from '../testing/render.tsx'
import { Banners } from './banners.tsx'
import { createDraftBackup } from './draft-backup.ts'
import { WorkspaceContext } from './workspace.ts'

const ID = 'abcdefgh1234'

function show() {
  const workspace = openForTest(orderPipeline())
  renderInApp(
    <WorkspaceContext value={workspace}>
      <Banners />
    </WorkspaceContext>,
  )
  return workspace
}

function keep(name: string, revision: number) {
  createDraftBackup(ID, localStorage).keep({ ...orderPipeline(), name }, revision, Date.now())
}

function answerWith(status: number, body: object) {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(JSON.stringify(body), { status })),
  )
}

beforeEach(() => localStorage.clear())

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('edits that an earlier visit left in the browser', () => {
  test('are offered and come back on request', () => {
    keep('Mine', 1)
    const { document } = show()
    fireEvent.click(screen.getByRole('button', { name: 'Restore' }))
    expect(document.getState().graph.name).toBe('Mine')
    expect(screen.queryByRole('button', { name: 'Restore' })).toBeNull()
  })

  test('are only kept as a copy where the draft was saved since', () => {
    keep('Mine', 0)
    show()
    expect(screen.queryByRole('button', { name: 'Restore' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Keep as a copy' })).toBeTruthy()
  })

  test('are forgotten on request', () => {
    keep('Mine', 1)
    show()
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }))
    expect(localStorage).toHaveLength(0)
  })

  test('are not mentioned where they are what the server has', () => {
    keep(orderPipeline().name, 1)
    show()
    expect(screen.queryByRole('status')).toBeNull()
  })
})

test('a draft that the server refuses says why and can be sent again', async () => {
  answerWith(413, { code: 'body_too_large', message: 'The draft is larger than 5 MB.' })
  const { document, saver } = show()
  document.edit({ kind: 'rename-pipeline', name: 'x' }, { label: 'x' })
  await act(() => saver.flush())
  expect(screen.getByRole('alert').textContent).toContain('The draft is larger than 5 MB.')
  answerWith(200, { revision: 2, savedAt: 1 })
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Save again' })))
  expect(screen.queryByRole('alert')).toBeNull()
  expect(saver.getState().phase).toBe('saved')
})
