import type { LivePartition } from '@millrace/contracts'
import { findNode, type GraphNode, type PipelineGraph } from '@millrace/graph'
import { counted } from '../format/numbers.ts'
import { formatClock, formatDuration } from '../format/times.ts'
import { type Message, msg, t } from '../i18n/t.ts'
import type { Moment } from './live-store.ts'

/** Why a node that goes by event time sends nothing now, and what it waits for. */
export interface Silence {
  /** True where something holds the watermark; false where it moves and the window is merely not over. */
  readonly isHeld: boolean
  readonly words: string
  /** The source whose settings could change it; null where none could. */
  readonly sourceId: string | null
}

/** A watermark this much further behind than the next one holds the others back, ms. */
const NOTABLE = 10_000

/** What is known of a partition of a source in front of a node. */
interface Front {
  readonly source: GraphNode
  readonly partition: LivePartition
}

/**
 * Says in words what holds the watermark of a node: which partition of which source, whether it is idle, since when it
 * stands, and when the next window becomes final. Null where nothing is known of the sources in front of it.
 *
 * @param past moments before, oldest first: they tell since when a watermark stands
 */
export function explainSilence(
  graph: PipelineGraph,
  nodeId: string,
  moment: Moment,
  past: readonly Moment[],
): Silence | null {
  const node = findNode(graph, nodeId)
  const fronts = frontsOf(graph, nodeId, moment)
  if (node === undefined || fronts.length === 0) return null
  const watermark = moment.nodes.get(nodeId)?.watermark ?? null
  const waits = waitOf(node, watermark)
  const active = fronts.filter(({ partition }) => !partition.idle)
  if (active.length === 0) {
    const words =
      watermark === null
        ? t('All partitions of {fronts} are idle and have had no event: there is no watermark yet.', {
            fronts: namesOf(fronts),
          })
        : t(
            'All partitions of {fronts} are idle: no event has come for longer than “Idle after” says. The watermark stands at {watermark} and moves on with the next event.{waits}',
            { fronts: namesOf(fronts), watermark: formatClock(watermark), waits },
          )
    return { isHeld: true, words, sourceId: null }
  }
  const mute = active.find(({ partition }) => partition.watermark === null)
  if (mute !== undefined) return { ...ofMute(mute, waits), isHeld: true }
  const [slowest, next] = active.toSorted(
    (a, b) => (a.partition.watermark ?? 0) - (b.partition.watermark ?? 0),
  ) as [Front, Front | undefined]
  const held = slowest.partition.watermark as number
  const newest = next?.partition.watermark ?? null
  if (newest === null || newest - held <= NOTABLE || held >= moment.at - NOTABLE) {
    const behind = watermark === null ? null : Math.max(0, moment.at - watermark)
    const words =
      behind === null
        ? t('There is no watermark yet: the node has not heard of one from every source.')
        : t('The watermark moves: it is at {watermark}, {behind} behind now.{waits}', {
            watermark: formatClock(watermark as number),
            behind: formatDuration(behind),
            waits,
          })
    return { isHeld: false, words, sourceId: null }
  }
  return { ...ofHolder(slowest, held, moment, past, waits), isHeld: true }
}

function ofMute({ source, partition }: Front, waits: string): Omit<Silence, 'isHeld'> {
  const end = idleWords(source, partition)
  const name = t('Partition {partition} of {label}', { partition: partition.partition, label: source.label })
  if (partition.paused !== null)
    return {
      words: t('{name} is not read now ({partition}), so there is no watermark.{waits}', {
        name,
        partition: pauseWords(partition),
        waits,
      }),
      sourceId: null,
    }
  return {
    words: t('{name} has had no event yet, so there is no watermark and no window becomes final. {end}', {
      name,
      end,
    }),
    sourceId: source.id,
  }
}

function ofHolder(
  { source, partition }: Front,
  held: number,
  moment: Moment,
  past: readonly Moment[],
  waits: string,
): Omit<Silence, 'isHeld'> {
  const name = t('Partition {partition} of {label}', { partition: partition.partition, label: source.label })
  if (partition.paused !== null) {
    return {
      words: t('{name} is not read now ({partition}) and holds the watermark at {held}.{waits}', {
        name,
        partition: pauseWords(partition),
        held: formatClock(held),
        waits,
      }),
      sourceId: null,
    }
  }
  if (partition.lag > 0) {
    return {
      words: t('{name} is {records} behind and holds the watermark at {held} until they are read.{waits}', {
        name,
        records: counted(partition.lag, 'record'),
        held: formatClock(held),
        waits,
      }),
      sourceId: null,
    }
  }
  const since = standsSince(partition, moment, past)
  const standing = since.isAtLeast
    ? t('for at least {at}', { at: formatDuration(moment.at - since.at) })
    : t('since {at}', { at: formatClock(since.at) })
  return {
    words: t('{name} has had no event {standing} and holds the watermark at {held}.{waits} {source}', {
      name,
      standing,
      held: formatClock(held),
      waits,
      source: idleWords(source, partition),
    }),
    sourceId: source.id,
  }
}

/** Since when the watermark of a partition has been what it is, as far back as is known. */
function standsSince(partition: LivePartition, moment: Moment, past: readonly Moment[]) {
  let at = moment.at
  for (const before of past.toReversed()) {
    const same = before.partitions
      .get(partition.nodeId)
      ?.find((one) => one.kind === partition.kind && one.partition === partition.partition)
    if (same === undefined) continue
    if (same.watermark !== partition.watermark) return { at, isAtLeast: false }
    at = Math.min(at, before.at)
  }
  return { at, isAtLeast: true }
}

function idleWords({ config, label }: GraphNode, { partition }: LivePartition): string {
  const { idleTimeout } = config
  if (typeof idleTimeout !== 'number')
    return t(
      'It goes on when partition {partition} gets a newer event: “Idle after” of {label} is never, so it waits for ever.',
      { partition, label },
    )
  return t(
    'It goes on when partition {partition} gets a newer event, or has been silent for {idleTimeout} (“Idle after” of {label}).',
    { partition, idleTimeout: formatDuration(idleTimeout), label },
  )
}

const PAUSES: Readonly<Record<string, Message>> = {
  back_pressure: msg('something behind it is slow'),
  draining: msg('a new version takes over'),
  waiting: msg('it waits for its reference data'),
  ahead: msg('it waits for the slowest partition'),
}

function pauseWords({ paused }: LivePartition): string {
  const known = PAUSES[paused ?? '']
  return known === undefined ? (paused ?? '') : t(known)
}

function namesOf(fronts: readonly Front[]): string {
  return [...new Set(fronts.map(({ source }) => source.label))].join(', ')
}

/** The partitions of all sources from which events get to a node. */
function frontsOf(graph: PipelineGraph, nodeId: string, moment: Moment): readonly Front[] {
  const before = new Set([nodeId])
  for (const id of before) for (const { from, to } of graph.edges) if (to.node === id) before.add(from.node)
  return [...before].flatMap((id) => {
    const source = findNode(graph, id)
    const partitions = moment.partitions.get(id) ?? []
    return partitions.flatMap((partition) =>
      source && partition.kind === 'source' ? [{ source, partition }] : [],
    )
  })
}

/** Which window is next and when it becomes final; empty where that depends on more than the clock of events. */
function waitOf({ config }: GraphNode, watermark: number | null): string {
  if (watermark === null) return ''
  const { kind, length = 'fixed', size, slide, step, offset = 0, allowedLateness = 0, output } = config
  const pace = { tumbling: size, hopping: slide, cumulative: step }[String(kind)]
  if (typeof pace !== 'number' || pace <= 0 || length !== 'fixed') return ''
  const wait = output === 'updating' ? 0 : Number(allowedLateness)
  // A window is final once the watermark has reached its last millisecond and the wait.
  const end = Math.floor((watermark + 1 - wait - Number(offset)) / pace) * pace + pace + Number(offset)
  const start = kind === 'tumbling' ? `${t('from {end}', { end: formatClock(end - pace) })} ` : ''
  const waiting =
    wait > 0 ? ` ${t('(its end and {wait} of waiting for late events)', { wait: formatDuration(wait) })}` : ''
  const final = formatClock(end + wait)
  return ` ${t('The next window, {start}to {end}, becomes final when the watermark reaches {final}{waiting}.', { start, end: formatClock(end), final, waiting })}`
}
