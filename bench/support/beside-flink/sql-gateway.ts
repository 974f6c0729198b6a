import { waitFor } from '../../../tests/support/wait-for.ts'

const STATEMENT_MS = 120_000

/** A session of Flink's SQL gateway. */
export class SqlSession {
  readonly #url: string

  private constructor(url: string) {
    this.#url = url
  }

  /** Opens a session with Flink's settings for what it runs. */
  static async open(gateway: string, settings: Readonly<Record<string, string>>): Promise<SqlSession> {
    const answer = await ask(`${gateway}/v1/sessions`, 'POST', { properties: settings })
    return new SqlSession(`${gateway}/v1/sessions/${String(answer.sessionHandle)}`)
  }

  /**
   * Runs a statement to its end; of one that starts a job, that is when the job has been taken.
   *
   * @returns the id of the job, null where it started none
   * @throws Error with Flink's reason
   */
  async run(statement: string): Promise<string | null> {
    const { operationHandle } = await ask(`${this.#url}/statements`, 'POST', { statement })
    const operation = `${this.#url}/operations/${String(operationHandle)}`
    await waitFor(
      'Flink takes a statement',
      async () =>
        !['RUNNING', 'PENDING', 'INITIALIZED'].includes(String((await ask(`${operation}/status`)).status)),
      STATEMENT_MS,
    )
    const { jobID } = await ask(`${operation}/result/0?rowFormat=JSON`)
    return typeof jobID === 'string' ? jobID : null
  }

  async close(): Promise<void> {
    await ask(this.#url, 'DELETE')
  }
}

/** What a job does, as its JobManager says. */
export interface JobState {
  /** `RUNNING`, `FAILED`, `CANCELED`, … */
  readonly state: string
  /** Why it failed; empty otherwise. */
  readonly reason: string
}

/** Asks the JobManager for a job. */
export async function jobState(rest: string, job: string): Promise<JobState> {
  const { state } = await ask(`${rest}/jobs/${job}`)
  if (state !== 'FAILED' && state !== 'FAILING' && state !== 'RESTARTING')
    return { state: String(state), reason: '' }
  const history = (await ask(`${rest}/jobs/${job}/exceptions`)).exceptionHistory as {
    entries?: { stacktrace: string }[]
  }
  return { state: String(state), reason: history?.entries?.[0]?.stacktrace ?? '' }
}

/** Cancels a job and waits until it has ended. */
export async function cancelJob(rest: string, job: string): Promise<void> {
  await ask(`${rest}/jobs/${job}?mode=cancel`, 'PATCH')
  const ended = ['CANCELED', 'FAILED', 'FINISHED']
  await waitFor(
    'the job of Flink ends',
    async () => ended.includes((await jobState(rest, job)).state),
    STATEMENT_MS,
  )
}

async function ask(url: string, method = 'GET', body?: unknown): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(url, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
    signal: AbortSignal.timeout(STATEMENT_MS),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`Flink refuses (${answer.status}): ${shortReason(text)}`)
  return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>)
}

/** A Java stack trace without its frames. */
function shortReason(text: string): string {
  const lines = text.replaceAll(String.raw`\n`, '\n').split('\n')
  return lines
    .filter((line) => !/^\s*(\\t)?at |^\s*\.\.\. /.test(line))
    .join('\n')
    .slice(0, 2_000)
}
