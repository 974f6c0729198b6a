import { fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { renderInApp } from '../testing/render.tsx'
import { ExecutorLimit } from './executor-limit.tsx'

function answerWith(status: number, body: object) {
  const asked = vi.fn(
    async (_path: string, _options: RequestInit) => new Response(JSON.stringify(body), { status }),
  )
  vi.stubGlobal('fetch', asked)
  return asked
}

const field = () => screen.getByLabelText('Executors at most') as HTMLInputElement
const apply = () => screen.getByRole('button', { name: 'Apply' }) as HTMLButtonElement

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('how many executors may carry a pipeline', () => {
  test('is sent as a number, and as null where the field is empty', async () => {
    const asked = answerWith(200, { maxExecutors: 2 })
    renderInApp(<ExecutorLimit pipelineId="abcdefgh1234" maxExecutors={3} />)
    expect(field().value).toBe('3')
    expect(apply().disabled).toBe(true)
    fireEvent.change(field(), { target: { value: '2' } })
    fireEvent.click(apply())
    await waitFor(() => expect(asked).toHaveBeenCalledTimes(1))
    const [path, { method, body }] = asked.mock.calls[0] as [string, RequestInit]
    expect([path, method, body]).toEqual([
      '/api/pipelines/abcdefgh1234/settings',
      'PUT',
      '{"maxExecutors":2}',
    ])
    fireEvent.change(field(), { target: { value: '' } })
    await waitFor(() => expect(apply().disabled).toBe(false))
    fireEvent.click(apply())
    await waitFor(() => expect(asked).toHaveBeenCalledTimes(2))
    expect(asked.mock.calls[1]?.[1].body).toBe('{"maxExecutors":null}')
  })

  test('says what is wrong with it', async () => {
    answerWith(422, { code: 'settings_invalid', message: 'A pipeline runs on 1 to 1000 executors.' })
    renderInApp(<ExecutorLimit pipelineId="abcdefgh1234" maxExecutors={null} />)
    expect(field().value).toBe('')
    fireEvent.change(field(), { target: { value: '0' } })
    fireEvent.click(apply())
    expect(await screen.findByText('A pipeline runs on 1 to 1000 executors.')).toBeTruthy()
  })
})
