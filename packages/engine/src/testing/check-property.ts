import fc, { type IAsyncProperty, type IProperty } from 'fast-check'

/** A seed that once made a property fail, kept so that it is tried for ever; `path` leads to the smallest case. */
export interface KeptSeed {
  readonly seed: number
  readonly path?: string
  /** What was wrong then. */
  readonly note: string
}

/**
 * Tries a property with the kept seeds, then with a fresh one. A failure names the seed and path to keep. (The testkit's
 * `fuzz` does the same; it stands above this package and cannot be used here.)
 */
export async function checkProperty<Case>(
  property: IProperty<Case> | IAsyncProperty<Case>,
  runs: number,
  kept: readonly KeptSeed[] = [],
): Promise<void> {
  for (const { seed, path } of kept) await fc.assert(property, { seed, ...(path && { path }), numRuns: runs })
  await fc.assert(property, { numRuns: runs })
}
