import { afterEach, describe, expect, test, vi } from 'vitest'
import { ApiError, wordsOf } from './api-error.ts'
import { request, whenUnauthorized } from './request.ts'

function answerWith(status: number, body: string) {
  const fetched = vi.fn(async () => new Response(status === 204 ? null : body, { status }))
  vi.stubGlobal('fetch', fetched)
  return fetched
}

async function failure(path = '/x'): Promise<ApiError> {
  const error = await request(path).then(
    () => null,
    (caught: unknown) => caught,
  )
  if (error instanceof ApiError) return error
  throw new Error('did not fail as it should')
}

afterEach(() => {
  vi.unstubAllGlobals()
  whenUnauthorized(() => {})
})

describe('request', () => {
  test('sends JSON and gives the answer', async () => {
    const fetched = answerWith(200, '{"a":1}')
    expect(await request('/x', { method: 'PUT', body: { b: 2 } })).toEqual({ a: 1 })
    expect(fetched).toHaveBeenCalledWith(
      '/api/x',
      expect.objectContaining({
        method: 'PUT',
        body: '{"b":2}',
        headers: { 'content-type': 'application/json' },
      }),
    )
  })

  test('gives null for an empty answer', async () => {
    answerWith(204, '')
    expect(await request('/x')).toBeNull()
  })

  test('a refusal carries the code, the words and the issues of the api', async () => {
    answerWith(422, '{"code":"pipeline_invalid","message":"It cannot run.","issues":[{"code":"cycle"}]}')
    expect(await failure()).toMatchObject({
      status: 422,
      code: 'pipeline_invalid',
      message: 'It cannot run.',
      isTemporary: false,
    })
    expect((await failure()).issues).toEqual([{ code: 'cycle' }])
  })

  test('an answer that is no JSON is put into words', async () => {
    answerWith(502, '<html>Bad gateway</html>')
    expect(await failure()).toMatchObject({ code: 'http_502', isTemporary: true })
  })

  test('no answer at all is a temporary failure', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('failed')))
    const error = await failure()
    expect(error).toMatchObject({ status: 0, code: 'unreachable', isTemporary: true })
    expect(wordsOf(error)).toContain('does not answer')
  })

  test('tells when nobody is signed in', async () => {
    const ended = vi.fn()
    whenUnauthorized(ended)
    answerWith(401, '{"code":"sign_in_needed","message":"Sign in."}')
    await failure()
    expect(ended).toHaveBeenCalledTimes(1)
  })
})
