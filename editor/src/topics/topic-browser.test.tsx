import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { renderInApp } from '../testing/render.tsx'
import { TopicBrowser, type TopicBrowserProps } from './topic-browser.tsx'

const base64 = (text: string) => btoa(text)
const records = [
  {
    partition: 0,
    offset: 3,
    timestamp: 1_000,
    key: base64('ada@example.org'),
    value: base64('{"email":"ada@example.org","ts":1000}'),
  },
  {
    partition: 1,
    offset: 4,
    timestamp: 2_000,
    key: null,
    value: base64('{"email":"bob@example.org","ts":2000}'),
  },
  { partition: 1, offset: 5, timestamp: 3_000, key: null, value: base64('no json') },
]
const proposed = {
  fields: [
    { name: 'email', type: 'string not null', confidence: 1, remarks: [] },
    { name: 'ts', type: 'timestamp not null', confidence: 1, remarks: [] },
  ],
  issues: [],
  read: 2,
  unread: 1,
}
const answers: { readonly [path: string]: object } = {
  '/api/connections/kafka/topics': {
    topics: [
      { name: 'orders', partitions: 2 },
      { name: 'users', partitions: 1 },
    ],
  },
  '/api/connections/kafka/topics/orders': {
    topic: 'orders',
    partitions: [
      { partition: 0, low: 0, high: 4, lag: 3 },
      { partition: 1, low: 2, high: 6, lag: 0 },
    ],
    compacted: false,
    retentionMs: 604_800_000,
  },
  '/api/connections/kafka/topics/orders/sample': {
    topic: 'orders',
    partitions: 2,
    partition: null,
    records,
    proposed,
  },
}
let asked: string[] = []

beforeEach(() => {
  asked = []
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url)
    return Response.json(answers[url.split('?')[0] ?? ''] ?? {})
  })
})
afterEach(() => vi.unstubAllGlobals())

function show(more: Partial<TopicBrowserProps> = {}) {
  const onChoose = vi.fn()
  const onTake = vi.fn()
  renderInApp(
    <TopicBrowser
      connection="kafka"
      chosen=""
      pipelineId="p1"
      sensitive={new Set()}
      standing={0}
      onChoose={onChoose}
      onTake={onTake}
      {...more}
    />,
  )
  return { onChoose, onTake }
}

describe('the topic browser', () => {
  test('lists topics, finds one by a part of its name, and takes it', async () => {
    const { onChoose } = show()
    await screen.findByRole('button', { name: /^orders/ })
    fireEvent.change(screen.getByLabelText('Search topics'), { target: { value: 'ORD' } })
    expect(screen.queryByRole('button', { name: /^users/ })).toBeNull()
    expect(screen.getByText('1 of 2 topics')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /^orders/ }))
    const detail = await screen.findByRole('region', { name: 'Topic orders' })
    await within(detail).findByText('8 records')
    expect(within(detail).getByText('this pipeline is 3 behind')).toBeTruthy()
    expect(within(detail).getByText(/^1 record of 3 would go to dead letters: 1 is plain text/)).toBeTruthy()
    fireEvent.click(within(detail).getByRole('button', { name: 'Use this topic' }))
    expect(onChoose).toHaveBeenCalledWith('orders')
  })

  test('shows the latest records first, with bytes on request, of one partition if wanted', async () => {
    show({ chosen: 'orders' })
    const rows = await waitFor(() => {
      const found = screen.getAllByRole('button', { description: /^Record / })
      expect(found).toHaveLength(3)
      return found
    })
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      'no json',
      '{"email":"bob@example.org","ts":2000}',
      '{"email":"ada@example.org","ts":1000}',
    ])
    fireEvent.click(screen.getByLabelText('Raw'))
    expect(screen.getByText('6e 6f 20 6a 73 6f 6e')).toBeTruthy()
    fireEvent.change(screen.getByLabelText('Partition'), { target: { value: '1' } })
    await waitFor(() => expect(asked.some((url) => url.includes('partition=1'))).toBe(true))
  })

  test('masks what is sensitive, also in keys and in the bytes', async () => {
    show({ chosen: 'orders', sensitive: new Set(['email']) })
    await waitFor(() => expect(screen.getAllByRole('button', { description: /^Record / })).toHaveLength(3))
    fireEvent.click(screen.getByLabelText('Raw'))
    expect(document.body.textContent).not.toMatch(/example\.org|61 64 61/)
    expect(document.body.textContent).toContain('sensitive fields are masked')
  })

  test('takes the fields with the event time that the records suggest', async () => {
    const { onTake } = show({ chosen: 'orders' })
    fireEvent.click(await screen.findByRole('tab', { name: 'Fields' }))
    expect(await screen.findByLabelText<HTMLInputElement>('ts')).toHaveProperty('checked', true)
    fireEvent.click(screen.getByRole('button', { name: 'Take 2 fields' }))
    expect(onTake).toHaveBeenCalledWith('orders', {
      fields: [
        { name: 'email', type: 'string not null' },
        { name: 'ts', type: 'timestamp not null' },
      ],
      eventTime: 'ts',
      outOfOrderness: 0,
    })
  })
})
