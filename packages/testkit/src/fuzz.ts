import { readFileSync } from 'node:fs'
import fc, { type IAsyncProperty } from 'fast-check'

/** A seed that once made a property fail, kept so that it is tried for ever; `path` leads to the smallest case. */
export interface KeptSeed {
  readonly seed: number
  readonly path?: string
  /** What was wrong then. */
  readonly note: string
}

/** How a property is tried. */
export interface FuzzOptions {
  /** A JSON file with a list of `KeptSeed`. */
  readonly seedFile: string
  /** Random cases; `MILLRACE_FUZZ_RUNS` overrides it. */
  readonly runs: number
}

/**
 * Tries a property with the kept seeds, then with a fresh one (or that of `MILLRACE_FUZZ_SEED`).
 *
 * @throws Error with the seed and path to keep, and the smallest case that fails
 */
export async function fuzz<Case>(
  property: IAsyncProperty<Case>,
  { seedFile, runs }: FuzzOptions,
): Promise<void> {
  const kept = JSON.parse(readFileSync(seedFile, 'utf8')) as readonly KeptSeed[]
  for (const { seed, path } of kept) await fc.assert(property, { seed, ...(path && { path }), numRuns: runs })
  const { MILLRACE_FUZZ_SEED: given, MILLRACE_FUZZ_RUNS: numRuns = runs } = process.env
  const result = await fc.check(property, {
    numRuns: Number(numRuns),
    ...(given !== undefined && { seed: Number(given) }),
  })
  if (!result.failed) return
  const seed = JSON.stringify({ seed: result.seed, path: result.counterexamplePath, note: '…' })
  throw new Error(`keep this in ${seedFile}: ${seed}\n${fc.defaultReportMessage(result) ?? ''}`, {
    cause: result.errorInstance,
  })
}
