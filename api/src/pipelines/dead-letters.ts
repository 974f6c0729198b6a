import { type DeadLetters, deadLetterHeaders, topicNames } from '@millrace/contracts'
import type { SampledRecord } from '@millrace/nodes'
import { SAMPLE_LIMITS } from '../connections/sample.ts'
import type { Control } from '../deployments/control.ts'
import { readGeneration } from '../deployments/generations.ts'
import { findSubject } from '../deployments/requests.ts'

/** So much of a dead letter is shown. */
const PREVIEW_BYTES = 4_096

type Letter = DeadLetters['letters'][number]

/**
 * The newest dead letters of a pipeline. `total` counts all where they are few; else it is the number of offsets that
 * its topic holds, which also counts the ends of transactions.
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
  const newest = sampled.toSorted((a, b) => b.timestamp - a.timestamp || b.offset - a.offset)
  const isAll = sampled.length < records
  const total = isAll ? sampled.length : await countOffsets(await port.offsets(topic))
  return { total, letters: newest.slice(0, limit).map(shownLetter) }
}

function countOffsets(partitions: readonly { readonly low: number; readonly high: number }[]): number {
  return partitions.reduce((sum, { low, high }) => sum + high - low, 0)
}

function shownLetter({ timestamp, value, headers }: SampledRecord): Letter {
  const header = (name: keyof typeof deadLetterHeaders) => headers[deadLetterHeaders[name]] ?? ''
  const place = [header('topic'), header('partition'), header('offset')]
  const kept = value?.length ?? 0
  return {
    at: timestamp,
    nodeId: header('node'),
    code: header('code'),
    message: header('message'),
    source: place.every((part) => part !== '') ? place.join('/') : null,
    preview: value === null ? null : previewOf(value),
    bytes: Number(header('cutFrom') || kept),
  }
}

/** The beginning as text; null where it is no UTF-8. A character that the cut goes through is left out. */
function previewOf(value: Uint8Array): string | null {
  const isCut = value.length > PREVIEW_BYTES
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value.subarray(0, PREVIEW_BYTES), {
      stream: isCut,
    })
  } catch {
    return null
  }
}
