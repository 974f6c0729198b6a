import { type DeadLetters, deadLetterHeaders, topicNames } from '@millrace/contracts'
import { maskMessage, maskRecord } from '@millrace/graph'
import type { SampledRecord } from '@millrace/nodes'
import { SAMPLE_LIMITS } from '../connections/sample.ts'
import type { Control } from '../deployments/control.ts'
import { readGeneration } from '../deployments/generations.ts'
import { findSubject } from '../deployments/requests.ts'
import { type Hidden, hiddenIn } from './sensitive.ts'

/** So much of a dead letter is shown. */
const PREVIEW_BYTES = 4_096

type Letter = DeadLetters['letters'][number]

/**
 * The newest dead letters of a pipeline. `total` counts all where they are few; else it is the number of offsets that
 * its topic holds, which also counts the ends of transactions. Sensitive fields are masked.
 *
 * @throws AppError `not_found`
 */
export async function readDeadLetters(
  control: Control,
  pipelineId: string,
  limit: number,
): Promise<DeadLetters> {
  const { deployment } = await findSubject(control, pipelineId)
  if (deployment.generation === 0) return { total: 0, letters: [] }
  const { spec } = await readGeneration(control.prisma, deployment.id, deployment.generation)
  const port = await control.ports.get('kafka', spec.kafka)
  const topic = topicNames.dead(deployment.id)
  if ((await port.describeTopic(topic)) === null) return { total: 0, letters: [] }
  const { bytes: maxBytes, timeoutMs, records } = SAMPLE_LIMITS
  const sampled = await port.sample(topic, { from: 'latest', limit: records, maxBytes, timeoutMs })
  const hidden = hiddenIn(spec.graph, control.catalogue)
  const newest = sampled.toSorted((a, b) => b.timestamp - a.timestamp || b.offset - a.offset)
  const isAll = sampled.length < records
  const total = isAll ? sampled.length : await countOffsets(await port.offsets(topic))
  return { total, letters: newest.slice(0, limit).map((letter) => shownLetter(letter, hidden)) }
}

function countOffsets(partitions: readonly { readonly low: number; readonly high: number }[]): number {
  return partitions.reduce((sum, { low, high }) => sum + high - low, 0)
}

function shownLetter(
  { timestamp, value, headers }: SampledRecord,
  hidden: (nodeId: string) => Hidden,
): Letter {
  const header = (name: keyof typeof deadLetterHeaders) => headers[deadLetterHeaders[name]] ?? ''
  const place = [header('topic'), header('partition'), header('offset')]
  const kept = value?.length ?? 0
  const { anywhere, inErrors } = hidden(header('node'))
  return {
    at: timestamp,
    nodeId: header('node'),
    code: header('code'),
    message: inErrors ? maskMessage(header('message')) : header('message'),
    source: place.every((part) => part !== '') ? place.join('/') : null,
    preview: value === null ? null : previewOf(value, anywhere),
    bytes: Number(header('cutFrom') || kept),
  }
}

/** The beginning as text; null where it is no UTF-8. A character that the cut goes through is left out. */
function previewOf(value: Uint8Array, sensitive: ReadonlySet<string>): string | null {
  if (sensitive.size === 0) return textOf(value.subarray(0, PREVIEW_BYTES), value.length > PREVIEW_BYTES)
  const text = textOf(value, false)
  if (text === null) return null
  const masked = Buffer.from(maskRecord({ key: null, value: text }, sensitive).value ?? '')
  return textOf(masked.subarray(0, PREVIEW_BYTES), masked.length > PREVIEW_BYTES)
}

function textOf(bytes: Uint8Array, isCut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return null
  }
}
