import { t } from '../i18n/t.ts'
import type { TestAnswer, TestRequest } from './test-protocol.ts'

/** The part of a Web Worker that tests use. */
export interface TestWorker {
  postMessage(request: TestRequest): void
  terminate(): void
  onmessage: ((event: MessageEvent<TestAnswer>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** A request may take this long, ms. */
export const TEST_LIMIT = 15_000

/** A request without the number that the client gives it. */
type Question = TestRequest extends infer Each ? (Each extends TestRequest ? Omit<Each, 'id'> : never) : never

/**
 * The page's side of the worker that runs tests: one request at a time. A newer one ends an older one, whose promise is
 * then never kept; one over the limit is ended by killing the worker.
 */
export class TestClient {
  readonly #createWorker: () => TestWorker
  #worker: TestWorker | null = null
  #pending: { readonly id: number; readonly settle: (answer: TestAnswer) => void } | null = null
  #lastId = 0
  #deadline: ReturnType<typeof setTimeout> | undefined

  constructor(createWorker: () => TestWorker) {
    this.#createWorker = createWorker
  }

  ask(question: Question): Promise<TestAnswer> {
    if (this.#pending !== null) this.dispose()
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<TestAnswer>()
    this.#pending = { id, settle: resolve }
    this.#deadline = setTimeout(() => {
      this.dispose()
      const message = t(
        'The tests took longer than {TEST_LIMIT} seconds and were stopped. Give them fewer events.',
        { TEST_LIMIT: TEST_LIMIT / 1000 },
      )
      resolve({ kind: 'failed', id, message })
    }, TEST_LIMIT)
    this.#ready().postMessage({ ...question, id })
    return promise
  }

  dispose(): void {
    clearTimeout(this.#deadline)
    this.#worker?.terminate()
    this.#worker = null
    this.#pending = null
  }

  #ready(): TestWorker {
    if (this.#worker !== null) return this.#worker
    const worker = this.#createWorker()
    worker.onmessage = ({ data }) => this.#answered(data)
    worker.onerror = (event) => {
      const pending = this.#pending
      this.dispose()
      pending?.settle({
        kind: 'failed',
        id: pending.id,
        message: t('The tests broke: {message}', { message: event.message }),
      })
    }
    this.#worker = worker
    return worker
  }

  #answered(answer: TestAnswer): void {
    if (answer.id !== this.#pending?.id) return
    clearTimeout(this.#deadline)
    const { settle } = this.#pending
    this.#pending = null
    settle(answer)
  }
}

/** The worker of the browser. */
export function createTestWorker(): TestWorker {
  return new Worker(new URL('./test.worker.ts', import.meta.url), { type: 'module', name: 'tests' })
}
