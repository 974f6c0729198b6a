import type { JsonValue, PipelineGraph } from '../model.ts'

/** The tests of a pipeline: kept with the draft, frozen with each version, without meaning for what runs. */
export interface PipelineTests {
  /** A draft is published only where all of them pass. */
  readonly required: boolean
  readonly cases: readonly PipelineTest[]
}

/** Events that flow in, on a clock moved by hand, and what must come of them. */
export interface PipelineTest {
  readonly id: string
  readonly name: string
  /** In order of arrival, over all sources. */
  readonly steps: readonly TestStep[]
  /** At the end all windows close, as if nothing followed. */
  readonly closeWindows: boolean
  readonly expect: readonly Expectation[]
}

/** Epoch ms, or ISO 8601 text. */
export type TestTime = number | string

/** Something that happens in a test. */
export type TestStep = EventStep | GenerateStep | ClockStep

/** A record arrives at a source, or in the topic that a node looks things up in. */
export interface EventStep {
  /** Id of the source, or of the node with the reference. */
  readonly to: string
  /** When it arrives: the clock moves there, and it is the timestamp of the record. Absent: when the one before did. */
  readonly at?: TestTime
  readonly key?: string | null
  /** An object is written as JSON; a text stands as it is; null is a deletion. */
  readonly value?: JsonValue
  /** In place of `value`: bytes that are no text. */
  readonly base64?: string
}

/** A generator makes its next events, each when it is due. */
export interface GenerateStep {
  readonly to: string
  readonly generate: number
}

/** The clock of processing time moves: early results come, and sources without events fall idle. */
export interface ClockStep {
  readonly clock: TestTime
}

/** Which rows of a node an expectation is about. */
export const EXPECTED_SIDES = ['out', 'in', 'late', 'dropped', 'errors'] as const

/** One of `EXPECTED_SIDES`. */
export type ExpectedSide = (typeof EXPECTED_SIDES)[number]

/** What must be true of the rows of a node. Of an updating stream the last row of each key that is there counts. */
export type Expectation = RowsExpectation | CountExpectation | EveryExpectation

/** What all expectations say. */
interface ExpectationPlace {
  /** Id of the node. */
  readonly node: string
  readonly of: ExpectedSide
  /** Name of the port, where there are several; absent: the first one. */
  readonly port?: string
}

/** The rows are these and no others (`rows`), or these are among them (`contains`). */
export interface RowsExpectation extends ExpectationPlace {
  readonly check: 'rows' | 'contains'
  readonly rows: readonly ExpectedRow[]
  /** They come in this order. */
  readonly inOrder?: boolean
}

/** There are so many rows. */
export interface CountExpectation extends ExpectationPlace {
  readonly check: 'count'
  readonly count: number
}

/** A condition is true for every row. */
export interface EveryExpectation extends ExpectationPlace {
  readonly check: 'every'
  readonly condition: string
}

/** A row that is expected. What it does not name is not compared. */
export interface ExpectedRow {
  /** By path: a field, or a part of one such as `items.0.sku`. */
  readonly row: { readonly [path: string]: JsonValue }
  /** Its event time. */
  readonly at?: TestTime
}

/** A step that brings a record. */
export function isEventStep(step: TestStep): step is EventStep {
  return 'to' in step && !('generate' in step)
}

/** The document without its tests: all that running it needs. */
export function withoutTests({ tests: _, ...graph }: PipelineGraph): PipelineGraph {
  return graph
}
