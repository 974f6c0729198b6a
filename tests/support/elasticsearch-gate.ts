import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of a request on its way to Elasticsearch. */
export type GateFate =
  /** As if nothing were there. */
  | { readonly kind: 'pass' }
  /** Elasticsearch hears nothing; this is the answer. */
  | { readonly kind: 'answer'; readonly status: number; readonly body?: object }
  /** Elasticsearch does what is asked, and its answer is lost: at once, or by silence until the client gives up. */
  | { readonly kind: 'lose-reply'; readonly how: 'cut' | 'silence' }
  /** A bulk request in which documents are answered for by their ids; null: as Elasticsearch does. */
  | { readonly kind: 'items'; readonly statusOf: (id: string) => number | null }

/** A request as a gate sees it. */
export interface GateRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
}

interface Action {
  readonly id: string
  readonly lines: string
}

const PASS: GateFate = { kind: 'pass' }
const REASONS: Readonly<Record<number, string>> = {
  400: 'document_parsing_exception',
  409: 'version_conflict_engine_exception',
  429: 'es_rejected_execution_exception',
  503: 'unavailable_shards_exception',
}

/** An HTTP proxy in front of the real Elasticsearch, for faults that the real one shows only now and then. */
export class ElasticsearchGate {
  /** Decides about every request; lets all pass at first. */
  decide: (request: GateRequest) => GateFate = () => PASS
  /** Requests by the kind of what became of them. */
  readonly met: Record<GateFate['kind'], number> = { pass: 0, answer: 0, 'lose-reply': 0, items: 0 }
  readonly #target: string
  readonly #server: Server
  #port = 0

  private constructor(target: string) {
    this.#target = target
    this.#server = createServer((incoming, response) => {
      this.#take(incoming, response).catch(() => response.destroy())
    })
  }

  /** Listens on loopback in front of `target`, an URL. */
  static async open(target: string): Promise<ElasticsearchGate> {
    const gate = new ElasticsearchGate(target)
    await gate.listen()
    return gate
  }

  /** What clients connect to. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Listens again, on the same port, after `refuse`. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Refuses connections, and breaks those that there are. */
  async refuse(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  /** Ends it. */
  async close(): Promise<void> {
    if (this.#server.listening) await this.refuse()
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(incoming)
    const path = (incoming.url ?? '').split('?')[0] ?? ''
    const fate = this.decide({ method: incoming.method ?? 'GET', path })
    this.met[fate.kind]++
    if (fate.kind === 'answer') return answer(response, fate.status, fate.body ?? { error: 'by the gate' })
    if (fate.kind === 'items') return this.#answerItems(incoming, body, fate.statusOf, response)
    const { status, text } = await this.#forward(incoming, body)
    if (fate.kind === 'pass') answer(response, status, text)
    else if (fate.how === 'cut') response.destroy()
  }

  /** Only what nobody answers for is forwarded; a conflict is what a repetition of something written gets. */
  async #answerItems(
    incoming: IncomingMessage,
    body: string,
    statusOf: (id: string) => number | null,
    response: ServerResponse,
  ): Promise<void> {
    const statuses = actionsOf(body).map((action) => ({ action, status: statusOf(action.id) }))
    const forwarded = statuses.filter(({ status }) => status === null || status === 409)
    const lines = forwarded.map(({ action }) => action.lines).join('')
    const real =
      lines === ''
        ? []
        : (JSON.parse((await this.#forward(incoming, lines)).text) as { items: object[] }).items
    const answers = real.values()
    const items = statuses.map(({ status }) => {
      const item = status === null || status === 409 ? (answers.next().value as object) : null
      return item !== null && status === null ? item : { index: refusal(status ?? 500) }
    })
    answer(response, 200, { errors: true, items })
  }

  #forward(
    { method, url = '', headers }: IncomingMessage,
    body: string,
  ): Promise<{ status: number; text: string }> {
    // An answer that is not compressed can be read here.
    const { host: _, 'content-length': __, 'accept-encoding': ___, ...kept } = headers
    return new Promise((resolve, reject) => {
      const options = { method, headers: { ...kept, 'content-length': Buffer.byteLength(body) } }
      const forwarded = request(new URL(url, this.#target), options, (reply) => {
        textOf(reply).then((text) => resolve({ status: reply.statusCode ?? 502, text }), reject)
      })
      forwarded.on('error', reject)
      forwarded.end(body)
    })
  }
}

function refusal(status: number) {
  const type = REASONS[status] ?? 'exception'
  return { status, error: { type, reason: `answered with ${status} by the gate` } }
}

/** An action and, unless it deletes, the document in the line behind it. */
function actionsOf(body: string): Action[] {
  const lines = body.split('\n').filter((line) => line !== '')
  const actions: Action[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    const { index, delete: deletion } = JSON.parse(line) as Record<string, { _id: string }>
    const id = (index ?? deletion)?._id ?? ''
    actions.push({ id, lines: index ? `${line}\n${lines[++i]}\n` : `${line}\n` })
  }
  return actions
}

function answer(response: ServerResponse, status: number, body: object | string): void {
  const type = 'application/vnd.elasticsearch+json;compatible-with=9'
  response.writeHead(status, { 'content-type': type, 'x-elastic-product': 'Elasticsearch' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
