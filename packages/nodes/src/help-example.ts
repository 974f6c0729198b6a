import type { JsonValue } from '@millrace/graph'

/** An example of a node as its help shows it: settings and what flows in. What comes out is computed. */
export interface HelpExample {
  /** What it shows. */
  readonly title: string
  readonly config: { readonly [name: string]: JsonValue }
  /** What flows into a node with one input. */
  readonly input?: HelpStream
  /** Several streams by name. */
  readonly inputs?: { readonly [name: string]: HelpStream }
  readonly steps?: readonly HelpStep[]
  /** Sources: the values of records. */
  readonly records?: readonly { readonly value: string | null; readonly key?: string }[]
  /** Generators: how many events. */
  readonly events?: { readonly count: number; readonly partition?: number; readonly start?: number | string }
}

/** A stream that flows in: types as text by field name. */
export interface HelpStream {
  readonly fields: { readonly [name: string]: string }
  readonly eventTime?: string
  readonly keyedBy?: readonly string[]
  /** The input port, where it is not called as the stream is. */
  readonly port?: string
}

/** Something that happens, in order of arrival; steps of other kinds have no place in the help. */
export interface HelpStep {
  /** Where there are several streams: which one. */
  readonly to?: string
  readonly row?: { readonly [name: string]: JsonValue }
  readonly at?: number | string
  /** Moves the watermark: the help has its own way to end windows. */
  readonly watermark?: number | string
  /** A record of the reference topic. */
  readonly reference?: { readonly key: string; readonly value: JsonValue }
}
