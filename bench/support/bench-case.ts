/** A column of a case's table. */
export interface Column {
  readonly key: string
  /** With the unit. */
  readonly title: string
  /** Digits behind the point. */
  readonly digits: number
}

/** What a figure is to reach, in the unit of its column. */
export interface Goal {
  readonly column: string
  readonly kind: 'at least' | 'at most'
  readonly value: number
}

/** One row of a case's table. */
export interface Figure {
  readonly name: string
  /** By key of the column: one number per round. The table shows their median. */
  readonly samples: { readonly [column: string]: readonly number[] }
  /** What quantiles were taken of; only for the results file. */
  readonly raw?: readonly number[]
  /** One, or several. */
  readonly goal?: Goal | readonly Goal[]
  /** What a reader has to know of it; shown in a column of its own. */
  readonly remark?: string
}

/** What a case that lets choose measures; null: as it does unless told otherwise. */
export interface BenchChoice {
  /** Ids of graphs. */
  readonly graphs: readonly string[] | null
  readonly events: number | null
  readonly rounds: number | null
  readonly keys: number | null
}

/** What a case runs with. */
export interface BenchContext {
  /** Smaller and shorter: to see that a case works; its figures compare with nothing. */
  readonly quick: boolean
  /** What is chosen of a case that lets choose. */
  readonly choice: BenchChoice
  /** Folder for CPU profiles of executors; null where none are wanted. */
  readonly profiles: string | null
  /** Tells how far a long case is. */
  say(text: string): void
  /** Does something when the case ends, however it ends; what was said last is done first. */
  atEnd(undo: () => unknown): void
}

/** One bench: a module of `bench/cases`, run in a process of its own. */
export interface BenchCase {
  /** How the figures come about, in one line. */
  readonly method: string
  readonly columns: readonly Column[]
  run(bench: BenchContext): Promise<readonly Figure[]>
}
