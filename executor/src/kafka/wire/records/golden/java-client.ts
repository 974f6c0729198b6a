import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Names of the batches that MakeGolden.java prints. */
export type GoldenName =
  | 'transactional'
  | 'gzip'
  | 'snappy'
  | 'lz4'
  | 'zstd'
  | 'logAppendTime'
  | 'abortMarker'
  | 'commitMarker'

const batches: Record<string, string> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'java-client.json'), 'utf8'),
)

/** A record batch as the Java client encoded it (java-client.json, made by MakeGolden.java). */
export function goldenBatch(name: GoldenName): Buffer {
  const text = batches[name]
  if (text === undefined) throw new RangeError(`java-client.json has no batch ${name}`)
  return Buffer.from(text, 'base64')
}
