import type { StreamSchema } from '@millrace/graph'

/**
 * By which fields rows are spread behind a node that needs rows of one key in one task: as before where that is enough,
 * else by the key.
 */
export function spreadBy({ partitionedBy }: StreamSchema, key: readonly string[]): readonly string[] {
  return partitionedBy?.every((name) => key.includes(name)) ? partitionedBy : key
}

/** What leaves such a node as it came, at its late port: it has gone to the task of its key all the same. */
export function lateStream(input: StreamSchema, key: readonly string[]): StreamSchema {
  return { ...input, partitionedBy: spreadBy(input, key) }
}
