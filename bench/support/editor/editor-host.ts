import { createReadStream, existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type {
  ConnectionBody,
  DeploymentBody,
  LiveFrame,
  PipelineBody,
  PipelineRow,
  SessionBody,
} from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'

/** Hosts the built editor with answers of the api made here: the browser has the machine to itself. */
export interface EditorHost {
  readonly url: string
  close(): Promise<void>
}

const DIST = path.join(import.meta.dirname, '../../../editor/dist')
const TYPES: { readonly [ending: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** A live stream of the api sends one frame a second. */
const FRAME_MS = 1_000

/** Starts the host on a free port; each graph is a pipeline that was published, under its name as id. */
export async function hostEditor(graphs: ReadonlyMap<string, PipelineGraph>): Promise<EditorHost> {
  const server = createServer((request, response) => answer(request, response, graphs))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  graphs: ReadonlyMap<string, PipelineGraph>,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://host')
  if (!pathname.startsWith('/api/')) {
    sendFile(response, pathname)
    return
  }
  const [, pipelineId = '', what] = /^\/api\/pipelines\/([^/]+)(?:\/(\w+))?/.exec(pathname) ?? []
  const graph = graphs.get(pipelineId)
  if (graph !== undefined && what === 'live') {
    streamFrames(response, graph)
    return
  }
  const body = graph === undefined ? bodyOf(pathname, graphs) : pipelineAnswer(pipelineId, graph, what)
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body ?? { code: 'not_found', message: 'Not here.' }))
}

function bodyOf(pathname: string, graphs: ReadonlyMap<string, PipelineGraph>): unknown {
  const bodies: { readonly [path: string]: unknown } = {
    '/api/auth/session': SESSION,
    '/api/connections': [KAFKA],
    '/api/templates': [],
    '/api/pipelines': [...graphs].map(([id, graph]) => rowOf(id, graph)),
  }
  return Object.hasOwn(bodies, pathname) ? bodies[pathname] : undefined
}

function pipelineAnswer(id: string, graph: PipelineGraph, what: string | undefined): unknown {
  switch (what) {
    case undefined:
      return pipelineOf(id, graph)
    case 'deployment':
      return DEPLOYMENT
    case 'history':
      return { frames: [] }
    case 'draft':
      return { revision: 2, savedAt: Date.now() }
    default:
      return undefined
  }
}

const SESSION: SessionBody = {
  user: { id: 'ada', email: 'ada@example.org', name: 'Ada', hasPassword: true },
}
const KAFKA: ConnectionBody = {
  ...{ id: 'kafka', kind: 'kafka', label: 'Kafka', settings: {} },
  ...{ secretNames: [], updatedAt: 0 },
}
const RUNNING = { state: 'running', version: 1, reason: null, since: 0 } as const
const DEPLOYMENT: DeploymentBody = {
  ...RUNNING,
  ...{ generation: 1, run: 1, maxExecutors: null, operation: null, problems: [], tasks: [] },
  ...{ question: null, history: [] },
}

function rowOf(id: string, graph: PipelineGraph): PipelineRow {
  return {
    ...{ id, name: graph.name, updatedAt: Date.now(), rate: 1_000, lag: 0, nodes: graph.nodes.length },
    ...{ errors: 0, unpublished: false, deployment: RUNNING },
  }
}

function pipelineOf(id: string, graph: PipelineGraph): PipelineBody {
  const asBody = graph as unknown as PipelineBody['draft']['graph']
  return {
    ...{ id, name: graph.name, deployment: RUNNING },
    draft: { graph: asBody, revision: 1, savedAt: Date.now(), savedBy: 'Ada' },
    live: { version: 1, graph: asBody, publishedAt: Date.now() },
  }
}

/** Frames in which the figures of every node differ from those before. */
function streamFrames(response: ServerResponse, graph: PipelineGraph): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let serial = 0
  const send = () => response.write(`data: ${JSON.stringify(frameOf(graph, serial++))}\n\n`)
  send()
  const timer = setInterval(send, FRAME_MS)
  response.on('close', () => clearInterval(timer))
}

function frameOf({ nodes }: PipelineGraph, serial: number): LiveFrame {
  const at = Date.now()
  const rate = 1_000 + (serial % 10)
  return {
    ...{ at, deployment: RUNNING, partitions: [], executors: 2, problems: [] },
    nodes: nodes.map(({ id }, i) => ({
      ...{ nodeId: id, in: serial * rate + i, out: serial * rate, filtered: i, late: 0, errors: 0 },
      ...{ inRate: rate + i, outRate: rate, errorRate: 0, lateRate: 0 },
      ...{ p50: 5 + ((serial + i) % 7), p99: 20 + ((serial + i) % 11), watermark: at - 1_000 },
    })),
    commits: { perSecond: 10, meanMs: 12, bytesPerSecond: 100_000 },
  }
}

function sendFile(response: ServerResponse, pathname: string): void {
  const wished = path.join(DIST, path.normalize(pathname))
  const isFile = wished.startsWith(DIST) && path.extname(wished) !== '' && existsSync(wished)
  const file = isFile ? wished : path.join(DIST, 'index.html')
  response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' })
  createReadStream(file).pipe(response)
}
