import type { SavedDraft } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiError } from '../http/api-error.ts'
import { sampleGraph } from '../testing/sample-types.ts'
import { createDocumentStore } from './document-store.ts'
import type { Draft } from './documents.ts'
import { createDraftBackup } from './draft-backup.ts'
import { createDraftSaver, MAX_SAVE_DELAY, SAVE_DELAY } from './draft-saver.ts'

const offline = new ApiError(0, 'unreachable', 'Millrace does not answer.')

function open(answers: ((graph: PipelineGraph, revision: number) => Promise<SavedDraft>)[] = []) {
  const graph = sampleGraph()
  const document = createDocumentStore(graph)
  const backup = createDraftBackup('p1', localStorage)
  const sent: { graph: PipelineGraph; revision: number }[] = []
  const theirs: Draft = { graph: { ...graph, name: 'Theirs' }, revision: 9, savedAt: 5, savedBy: 'Bo' }
  const saver = createDraftSaver({
    document,
    backup,
    draft: { graph, revision: 3, savedAt: 0 },
    now: Date.now,
    fetchNewest: async () => theirs,
    async send(next, revision) {
      sent.push({ graph: next, revision })
      const answer = answers.shift()
      return answer ? answer(next, revision) : { revision: revision + 1, savedAt: 1 }
    },
  })
  const rename = (label: string) =>
    document.edit({ kind: 'set-label', nodeId: 'filter', label }, { label: 'Rename' })
  return { document, backup, saver, sent, rename, theirs }
}

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('saving', () => {
  test('sends one draft a moment after a burst of edits', async () => {
    const { saver, sent, rename, document } = open()
    rename('a')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY / 2)
    rename('b')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY - 1)
    expect(sent).toEqual([])
    expect(saver.getState().phase).toBe('edited')
    await vi.advanceTimersByTimeAsync(1)
    expect(sent).toEqual([{ graph: document.getState().graph, revision: 3 }])
    expect(saver.getState()).toMatchObject({ phase: 'saved', revision: 4, savedAt: 1 })
  })

  test('does not wait for ever while somebody types', async () => {
    const { sent, rename } = open()
    for (let typed = 0; typed <= MAX_SAVE_DELAY; typed += 500) {
      rename(String(typed))
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(sent.length).toBeGreaterThan(0)
  })

  test('that is asked for ends once the server has what was edited meanwhile, too', async () => {
    let finish: (answer: SavedDraft) => void = () => {}
    const { document, rename, saver, sent } = open([() => new Promise((resolve) => (finish = resolve))])
    rename('a')
    const isSaved = saver.flush()
    rename('b')
    finish({ revision: 4, savedAt: 1 })
    expect(await isSaved).toBe(true)
    expect(sent.map(({ revision }) => revision)).toEqual([3, 4])
    expect(saver.getState()).toMatchObject({ phase: 'saved', saved: document.getState().graph })
  })

  test('sends what was edited during a save afterwards, with the new revision', async () => {
    let finish: (answer: SavedDraft) => void = () => {}
    const { sent, rename, saver } = open([() => new Promise((resolve) => (finish = resolve))])
    rename('a')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    rename('b')
    finish({ revision: 4, savedAt: 1 })
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    expect(sent.map(({ revision }) => revision)).toEqual([3, 4])
    expect(saver.getState()).toMatchObject({ phase: 'saved', revision: 5 })
  })

  test('an edit that is undone before it was sent leaves nothing to send', async () => {
    const { sent, rename, saver, document } = open()
    rename('a')
    document.replace(saver.getState().saved)
    expect(saver.getState().phase).toBe('saved')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    expect(sent).toEqual([])
  })

  test('Save sends at once and tells whether the server has it', async () => {
    const { saver, rename, sent } = open([
      async () => Promise.reject(new ApiError(413, 'too_large', 'Too large.')),
    ])
    rename('a')
    expect(await saver.flush()).toBe(false)
    expect(saver.getState()).toMatchObject({ phase: 'refused', message: 'Too large.' })
    expect(await saver.flush()).toBe(true)
    expect(sent).toHaveLength(2)
  })
})

describe('a lost line', () => {
  test('is tried again until it is back, and keeps the edits in the browser meanwhile', async () => {
    const { saver, rename, sent, backup, document } = open([
      async () => Promise.reject(offline),
      async () => Promise.reject(offline),
    ])
    rename('a')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    expect(saver.getState()).toMatchObject({ phase: 'offline', message: 'Millrace does not answer.' })
    expect(backup.read()?.graph).toEqual(document.getState().graph)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sent).toHaveLength(3)
    expect(saver.getState().phase).toBe('saved')
    expect(backup.read()).toBeNull()
  })

  test('an ended session is waited for like a lost line', async () => {
    const { saver, rename } = open([async () => Promise.reject(new ApiError(401, 'signed_out', 'Sign in.'))])
    rename('a')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    expect(saver.getState().phase).toBe('offline')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(saver.getState().phase).toBe('saved')
  })
})

describe('a newer draft of somebody else', () => {
  const newer = async () => Promise.reject(new ApiError(409, 'draft_changed', 'Somebody saved.'))

  test('stops saving and is offered, and nothing is overwritten', async () => {
    const { saver, rename, sent, theirs } = open([newer])
    rename('a')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    expect(saver.getState()).toMatchObject({ phase: 'conflict', theirs })
    rename('b')
    await vi.advanceTimersByTimeAsync(MAX_SAVE_DELAY)
    expect(await saver.flush()).toBe(false)
    expect(sent).toHaveLength(1)
  })

  test('can be taken over, and edits go on from there', async () => {
    const { saver, rename, sent, theirs, document } = open([newer])
    rename('a')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    saver.takeTheirs(theirs)
    expect(document.getState().graph).toBe(theirs.graph)
    expect(saver.getState()).toMatchObject({ phase: 'saved', revision: 9 })
    rename('c')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    expect(sent.at(-1)?.revision).toBe(9)
  })
})

test('a backup that is no pipeline is ignored', () => {
  localStorage.setItem('millrace.draft.p1', '{"graph":{"format":99},"revision":1}')
  expect(createDraftBackup('p1', localStorage).read()).toBeNull()
})
