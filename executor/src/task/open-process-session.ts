import { DEFAULT_SETTINGS, evictionPolicyIn, redisKeys, topicNames } from '@millrace/contracts'
import { type Program, type SourceTime, StageRuntime, stageCodecs, stageOf } from '@millrace/engine'
import { TaskMeter } from '../metrics/task-meter.ts'
import type { IndexedNode } from '../state/pack-changes.ts'
import { RedisCopy } from '../state/redis-copy.ts'
import type { TaskState } from '../state/task-state.ts'
import { Announcer } from './announcer.ts'
import type { Committer } from './committer.ts'
import { GeneratorClock } from './generator-clock.ts'
import { IdleClock } from './idle-clock.ts'
import type { InputCursor } from './input-cursor.ts'
import type { Position } from './position.ts'
import { ProcessSession } from './process-session.ts'
import { type ResolvedInputs, resolveInputs } from './resolve-inputs.ts'
import type { SessionOptions } from './session.ts'
import { TaskStopError } from './stop-error.ts'
import type { TakenOver } from './take-over.ts'
import type { TaskIdentity } from './task-identity.ts'
import { deadLetterTarget, sinkTopics } from './task-topics.ts'
import { TransactionOutput } from './transaction-output.ts'

/**
 * Takes a task over and brings it to where its last owner committed (exactly-once.md P3).
 *
 * @throws TaskEndedError where the task is not ours, TaskStopError where a person must decide, and what the
 * connections throw
 */
export async function openProcessSession(options: SessionOptions): Promise<ProcessSession> {
  const { client, identity, program, log } = options
  const lap = stopwatch()
  const taken = await options.parts.takeOver(options)
  const fencedMs = lap()
  const life = new AbortController()
  const drop = (reason: unknown) => {
    life.abort(reason)
    taken.producer.close()
    taken.changelog.close()
  }
  const dropAtEnd = () => drop(options.ending.reason)
  options.ending.addEventListener('abort', dropAtEnd, { once: true })
  try {
    options.ending.throwIfAborted()
    const { position } = taken
    const inputs = await resolveInputs({ client, program, identity, position, now: Date.now() })
    const inputsMs = lap()
    const session = await assemble(options, taken, inputs, life)
    const stateMs = lap()
    await session.prepare()
    log.info({ fence: taken.fence, fencedMs, inputsMs, stateMs, referencesMs: lap() }, 'task taken over')
    return session
  } catch (error) {
    drop(error)
    throw error
  } finally {
    options.ending.removeEventListener('abort', dropAtEnd)
  }
}

/** Gives the ms since the last call. */
function stopwatch(): () => number {
  let last = performance.now()
  return () => {
    const before = last
    last = performance.now()
    return Math.round(last - before)
  }
}

async function assemble(
  options: SessionOptions,
  taken: TakenOver,
  { cursors, someNew }: ResolvedInputs,
  life: AbortController,
): Promise<ProcessSession> {
  const { client, identity, program } = options
  const { spec, stage, partition } = identity
  const sinks = await sinkTopics(client, program, identity, options.sizeLimits)
  const deadLetters = await deadLetterTarget(client, identity, options.sizeLimits)
  const limits = [...sinks.values(), deadLetters].map(({ topic, maxBytes }) => [topic, maxBytes] as const)
  const committer = options.parts.committer(taken, identity, cursors, new Map(limits))
  const output = new TransactionOutput(
    { spec, program, stage, partition, sinks, deadLetters },
    () => committer.buffer,
  )
  const state = openState(options, taken, life)
  const meter = new TaskMeter(outboxSinks(program, identity))
  const runtime = new StageRuntime({
    program,
    plan: spec.plan,
    stageId: stage,
    task: partition,
    births: spec.births,
    outside: state?.outside ?? null,
    startsEmpty: taken.position === null,
    output,
    probe: meter,
    generatorStart: cursors.find(({ start }) => start !== undefined)?.start,
  })
  await restore({ redis: options.redis, runtime, taken, committer, state, someNew, identity })
  return new ProcessSession({
    ...{ options, taken, cursors, runtime, committer, state, meter, life, output },
    codecs: stageCodecs(program, stageOf(spec.plan, stage)),
    announcer: new Announcer(identity, runtime),
    idleClocks: idleClocks(program, cursors),
    generatorClocks: generatorClocks(program, identity, cursors),
    maxDrifts: maxDrifts(program, cursors),
    feeds: watchFeeds(options, life.signal),
  })
}

function openState(options: SessionOptions, taken: TakenOver, life: AbortController): TaskState | null {
  const { identity, program, redis, problems } = options
  const { spec, stage, partition } = identity
  const nodes = statefulNodes(program, identity)
  if (nodes.length === 0) return null
  const { producerId, producerEpoch } = taken.producer.identity
  const copy = new RedisCopy(redis, {
    prefix: redisKeys.taskState(spec.deployment, stage, partition),
    fence: copyFence(spec.run, taken.fence),
    producer: `${producerId}:${producerEpoch}`,
    topicId: taken.changelog.partition.topicId,
    nodes,
  })
  const births = Object.fromEntries(nodes.map(({ id }) => [id, spec.births[id] ?? 0]))
  return options.parts.state({
    ...{ copy, changelog: taken.changelog, births, problems, signal: life.signal },
    memory: () => options.stateMemory(),
  })
}

/** Orders take-overs of all runs: fences begin anew with each run, and the copy of the run before is still there. */
function copyFence(run: number, fence: number): number {
  return run * 2 ** 32 + fence
}

/** A Redis that drops keys would have the copy rebuilt again and again: nothing begins on it. What runs goes on. */
async function requireLasting(redis: SessionOptions['redis']): Promise<void> {
  const policy = await redis.info('memory').then(evictionPolicyIn, () => null)
  if (policy === null) return
  const message = `Redis drops keys when it is full (maxmemory-policy ${policy}): set it to noeviction. The task starts once that is so.`
  throw new TaskStopError('redis_evicts', message)
}

interface Restoring {
  readonly redis: SessionOptions['redis']
  readonly runtime: StageRuntime
  readonly taken: TakenOver
  readonly committer: Committer
  readonly state: TaskState | null
  readonly someNew: boolean
  readonly identity: TaskIdentity
}

async function restore({
  redis,
  runtime,
  taken,
  committer,
  state,
  someNew,
  identity,
}: Restoring): Promise<void> {
  const { position } = taken
  if (position === null && state !== null) await requireLasting(redis)
  if (position?.progress) runtime.restore(position.progress)
  let { end } = taken
  // Where reading begins is decided once: committed before the first fetch.
  if (someNew)
    end = (await committer.commit({ changes: [], tombstones: [], progress: runtime.progress() })).end
  if (position === null) await state?.start(runtime, end)
  else await state?.restore(runtime, end, sameBirths(position, identity, runtime))
}

/** False where rows of an earlier birth may be among the state. */
function sameBirths(position: Position, { spec }: TaskIdentity, runtime: StageRuntime): boolean {
  return [...runtime.states.keys()].every((id) => position.births[id] === (spec.births[id] ?? 0))
}

function statefulNodes(program: Program, { spec, stage }: TaskIdentity): IndexedNode[] {
  const operators = stageOf(spec.plan, stage).operators.filter(({ role }) => role !== 'partial')
  const nodes = operators.map(({ nodeId }) => program.node(nodeId))
  return nodes
    .flatMap(({ node, runtime, inputs }) => {
      const layout = runtime.role === 'transform' ? runtime.state?.(node.config, inputs) : undefined
      return layout ? [{ id: node.id, openSubKeys: layout.openSubKeys ?? false }] : []
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function outboxSinks(program: Program, { spec, stage }: TaskIdentity): Set<string> {
  const nodes = stageOf(spec.plan, stage).operators.map(({ nodeId }) => nodeId)
  return new Set(nodes.filter((id) => program.node(id).runtime.role === 'outbox-sink'))
}

function idleClocks(program: Program, cursors: readonly InputCursor[]): Map<InputCursor, IdleClock> {
  const sources = cursors.filter(({ kind }) => kind === 'source')
  return new Map(sources.map((cursor) => [cursor, new IdleClock(timeOf(program, cursor.nodeId).idleTimeout)]))
}

function maxDrifts(program: Program, cursors: readonly InputCursor[]): Map<InputCursor, number> {
  const sources = cursors.filter(({ kind }) => kind === 'source')
  const bounds = sources.map((cursor) => [cursor, timeOf(program, cursor.nodeId).maxDrift ?? null] as const)
  return new Map(bounds.flatMap(([cursor, bound]) => (bound === null ? [] : [[cursor, bound] as const])))
}

function timeOf(program: Program, nodeId: string): SourceTime {
  const { node, runtime } = program.node(nodeId)
  if (runtime.role !== 'topic-source') throw new Error(`node ${nodeId} reads no topic`)
  return runtime.time(node.config)
}

function generatorClocks(
  program: Program,
  { spec, stage }: TaskIdentity,
  cursors: readonly InputCursor[],
): Map<InputCursor, GeneratorClock> {
  const clocks = new Map<InputCursor, GeneratorClock>()
  for (const cursor of cursors) {
    if (cursor.kind !== 'generator') continue
    const { node, runtime } = program.node(cursor.nodeId)
    const input = stageOf(spec.plan, stage).inputs[cursor.input]
    if (runtime.role !== 'generator-source' || input?.kind !== 'source') continue
    clocks.set(cursor, new GeneratorClock(runtime.rate(node.config), input.partitions))
  }
  return clocks
}

/** The internal topics this task writes, watched while it lives, with the words for the case that they are full. */
function watchFeeds({ backlog, identity, program }: SessionOptions, life: AbortSignal): Map<string, string> {
  const { spec, stage } = identity
  // A spec may be older than this executor.
  const { maxUnreadRecords, maxUnreadBytes } = { ...DEFAULT_SETTINGS, ...spec.settings }
  const limits = { records: maxUnreadRecords, bytes: maxUnreadBytes }
  const feeds = new Map<string, string>()
  for (const cut of stageOf(spec.plan, stage).cuts) {
    const topic = topicNames.repartition(spec, cut.stage)
    backlog.watch(topic, stageOf(spec.plan, cut.stage).tasks, limits)
    feeds.set(topic, `Too much waits between two stages (topic ${topic}).`)
  }
  for (const nodeId of outboxSinks(program, identity)) {
    const topic = topicNames.outbox(spec.deployment, nodeId)
    const delivery = spec.plan.deliveries.find((one) => one.nodeId === nodeId)
    backlog.watch(topic, delivery?.tasks ?? 1, limits)
    feeds.set(topic, `Too many documents wait to be written by “${program.node(nodeId).node.label}”.`)
  }
  life.addEventListener('abort', () => {
    for (const topic of feeds.keys()) backlog.unwatch(topic)
  })
  return feeds
}
