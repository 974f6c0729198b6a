import type { Field, Value } from '@millrace/expr'
import type { TSchema } from 'typebox'
import type { NodeConfig } from './model.ts'
import type { StreamSchema } from './stream-schema.ts'

/** Where a node stands in a pipeline. */
export type NodeKind = 'source' | 'transform' | 'sink'

/** A place where edges begin or end. */
export interface PortDefinition {
  readonly name: string
  readonly label: string
  /** Inputs: how many edges may end here. Outputs: unlimited. */
  readonly edges?: 'one' | 'many'
  /** Inputs: may stay unconnected. Outputs: shown only when connected or when events wait there. */
  readonly optional?: boolean
}

/** A place where edges end. */
export interface InputDefinition extends PortDefinition {
  readonly updates: UpdateHandling
  /** Of an input with many edges: what happens to fields that one of the streams lacks. Absent: they are refused. */
  missingFields?(config: NodeConfig): MissingFields
}

/** What an input does with fields that one of its streams lacks: filled with null, or refused, which `fix` changes. */
export type MissingFields = 'fill' | { readonly fix: ConfigFix }

/**
 * What a node does with an updating stream. `by-key`: it handles updates and deletions of which only the key may be
 * told; `with-before`: it handles those that carry the row as it was; `refused`: it needs rows that are final, for the
 * reason given, a clause such as "a match cannot be taken back".
 */
export type UpdateHandling = 'by-key' | 'with-before' | { readonly refused: string }

/**
 * What a node type is, apart from how it runs: everything that the editor, the api and the planner need to know.
 * Pure data and pure functions; the operator stands beside it in the node's folder.
 */
export interface NodeDefinition<Config = NodeConfig> {
  /** Stable id of the type, e.g. `filter`. */
  readonly type: string
  /** Grows when the config's meaning changes; `migrate` leads older configs up. */
  readonly version: number
  readonly kind: NodeKind
  /** Name in the palette. */
  readonly title: string
  /** One sentence: what it does. */
  readonly summary: string
  /** Name of a drawn symbol. */
  readonly icon: string
  /** JSON Schema of the config; titles, descriptions and `x-ui` hints make the form. */
  readonly config: TSchema
  /** Config of a freshly dropped node: valid by schema as far as it can be; what is missing is an issue. */
  readonly defaults: Config
  readonly inputs: readonly InputDefinition[]
  /** All that a config can open; the place of a port in this list never changes, nor does a name get another meaning. */
  readonly outputs: readonly PortDefinition[]
  /**
   * Of a node whose config says which outputs it has: those of `outputs` that are open, in the order and with the labels
   * to show. Called with a config that fits the schema. Ask through `openOutputs`. Absent: all are.
   */
  openOutputs?(config: Config): readonly PortDefinition[]
  /** One short line for the node card, e.g. `count, sum(total) by region`; empty while not configured. */
  digest(config: Config): string
  /**
   * Output schemas and mistakes, from the config and what flows in. Called with a config that fits the schema.
   * A setting that is still missing is reported also while its input is unknown: `canConnect` takes an error that
   * comes with a new connection for a reason to refuse it.
   */
  infer(config: Config, inputs: InputSchemas): Inference
  /**
   * For a node that makes an updating stream of final rows: the edit of its settings after which its results are final
   * too. Null or absent where there is none.
   */
  finalFix?(config: Config): ConfigFix | null
  /** By setting: what helps the form with a list of entries about single fields. */
  readonly lists?: { readonly [setting: string]: ListHelp<Config> }
  /** Leads a config of an older `typeVersion` up to `version`. */
  migrate?(config: NodeConfig, fromVersion: number): NodeConfig
}

/** What helps a form with the entries of a list. Pure; called with whatever stands in the form, be it right or not. */
export interface ListHelp<Config = NodeConfig> {
  /**
   * The entry with which a field of the input is added: by its type, and by the values that the sample has of it (those
   * known, the most frequent first). Absent: the form makes one.
   */
  entryFor?(field: Field, values: readonly Value[]): NodeConfig
  /** Of a choice in an entry: the words that do not fit it, each with the reason. */
  unfit?(config: Config, index: number, member: string, inputs: InputSchemas): ReadonlyMap<string, string>
  /** The fields of the node's output that come of an entry. */
  resultsOf?(config: Config, index: number): readonly string[]
}

/** By input port: the schema of what flows in, or null while it is unknown. */
export type InputSchemas = { readonly [port: string]: StreamSchema | null }

/** What `infer` found. */
export interface Inference {
  /** By output port; a port may be missing while its schema cannot be told. */
  readonly outputs: { readonly [port: string]: StreamSchema }
  readonly issues: readonly ConfigIssue[]
}

/** A mistake within one node's config; `validate` adds the node. */
export interface ConfigIssue {
  readonly code: string
  readonly severity?: 'error' | 'warning'
  readonly path: readonly string[]
  readonly message: string
  /** Where one value in the config mends it. */
  readonly fix?: ConfigFix
}

/** One value in a node's config that mends something. */
export interface ConfigFix {
  readonly label: string
  readonly path: readonly string[]
  readonly value: NodeConfig[string]
}

/** The node types that exist, by type id. Graph and engine take it as an argument; an app supplies it. */
export interface Catalogue {
  get(type: string): NodeDefinition | undefined
  list(): readonly NodeDefinition[]
}

/** A form hint on a config schema (`x-ui`): which input shows it. */
export type FormControl =
  | 'text'
  | 'number'
  | 'toggle'
  | 'choice'
  | 'duration'
  | 'connection'
  | 'topic'
  | 'field'
  | 'fields'
  | 'condition'
  | 'expression'
  | 'schema'
  | 'template'
  | 'csv'
  | 'list'
  | 'port'
  | 'type'

/** The `x-ui` keyword of a config schema. */
export interface FormHint {
  readonly control: FormControl
  /** For `connection`: the kind of connection that fits. */
  readonly connection?: string
  /** For `field`, `fields`, `condition`, `expression`, `template`: the input whose fields are offered, or a source's output. */
  readonly port?: string
  /** For `list`: what one entry is called. */
  readonly entry?: string
  /** For `list`: each entry is one line, with what is rarely needed on request. */
  readonly layout?: 'rows'
  /** For `list`: what stands below it, a check of the entries against an index that exists. */
  readonly check?: 'index'
  /** For `schema`: false where there is no topic beside it whose records could tell the fields. */
  readonly sample?: false
  /**
   * For `condition`, `expression`: where it is about several rows at once, what each is called and the input it comes from,
   * as in `left.total > right.total`. In place of `port`.
   */
  readonly rows?: { readonly [name: string]: string }
  /** Shown only under "More settings". */
  readonly advanced?: boolean
  /** For `topic`: the settings beside it that what is found in the topic can fill. */
  readonly fills?: TopicFills
  /** Text in the empty input. */
  readonly placeholder?: string
  /** Shown only where all conditions of one of these lists hold; out of sight it keeps its value, and has no meaning. */
  readonly showWhen?: readonly (readonly ShowCondition[])[]
}

/** Names of settings that the records of a topic can fill; all stand in the same object. */
export interface TopicFills {
  /** A schema table. */
  readonly fields?: string
  /** The name of the field with the event time. */
  readonly eventTime?: string
  /** How far events may be behind newer ones, ms. */
  readonly outOfOrderness?: string
}

/** True where another setting of the same object has one of these values. */
export interface ShowCondition {
  readonly setting: string
  readonly is: readonly (string | number | boolean | null)[]
}
