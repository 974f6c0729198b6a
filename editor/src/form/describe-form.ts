import type { FormControl, FormHint, JsonValue, ShowCondition } from '@millrace/graph'
import { tFrom } from '../i18n/t.ts'
import { valueAt } from './form-context.ts'

/** The part of JSON Schema that forms are made of. */
export interface FormSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly anyOf?: readonly FormSchema[]
  readonly properties?: { readonly [name: string]: FormSchema }
  readonly required?: readonly string[]
  readonly items?: FormSchema
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly maxLength?: number
  readonly 'x-ui'?: FormHint
}

/** One setting, as the form shows it. */
export interface FieldSpec {
  readonly name: string
  readonly control: FormControl
  readonly title: string
  readonly description: string
  /** The schema of a value that is there (not null). */
  readonly schema: FormSchema
  readonly hint: FormHint
  /** True where null is a value: the setting can be switched off. */
  readonly nullable: boolean
  /** True where the setting may be absent. */
  readonly optional: boolean
  readonly advanced: boolean
  /** What a fresh setting has; undefined where the schema does not say. */
  readonly initial: JsonValue | undefined
}

/** One of several words, with the text that the form shows. */
export interface Choice {
  readonly value: string
  readonly label: string
}

/** Which control shows a schema that has no hint. */
const CONTROL_OF_TYPE: { readonly [type: string]: FormControl } = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'toggle',
  array: 'list',
}

/** The settings of an object schema, in the order in which the schema names them. */
export function describeForm(schema: FormSchema): readonly FieldSpec[] {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).map(([name, member]) =>
    describeField(name, member, !required.has(name)),
  )
}

/** The settings to show: those that have a meaning beside these values, which lie in the same object. */
export function shownFields(
  fields: readonly FieldSpec[],
  values: JsonValue | undefined,
): readonly FieldSpec[] {
  const held = (name: string) => {
    const value = valueAt(values ?? null, [name])
    return value === undefined ? fields.find((field) => field.name === name)?.initial : value
  }
  const isTrue = ({ setting, is }: ShowCondition) => is.some((value) => value === held(setting))
  return fields.filter(
    ({ control, hint }) =>
      control !== 'port' && (hint.showWhen === undefined || hint.showWhen.some((all) => all.every(isTrue))),
  )
}

/** One setting from its schema. */
export function describeField(name: string, schema: FormSchema, optional = false): FieldSpec {
  const { present, nullable } = withoutNull(schema)
  const hint = schema['x-ui'] ?? present['x-ui'] ?? { control: controlOf(present) }
  return {
    name,
    control: hint.control,
    title: tFrom(schema.title ?? present.title ?? name),
    description: tFrom(schema.description ?? present.description ?? ''),
    schema: present,
    hint,
    nullable,
    optional,
    advanced: hint.advanced === true,
    initial: initialOf(schema, present),
  }
}

function controlOf(schema: FormSchema): FormControl {
  if (choicesOf(schema).length > 0) return 'choice'
  return typeof schema.type === 'string' && Object.hasOwn(CONTROL_OF_TYPE, schema.type)
    ? (CONTROL_OF_TYPE[schema.type] as FormControl)
    : 'text'
}

function initialOf(schema: FormSchema, present: FormSchema): JsonValue | undefined {
  return (schema.default ?? present.default) as JsonValue | undefined
}

/** Takes `null` out of a union. */
function withoutNull(schema: FormSchema): { readonly present: FormSchema; readonly nullable: boolean } {
  const parts = schema.anyOf ?? []
  const present = parts.filter(({ type }) => type !== 'null')
  if (present.length === parts.length) return { present: schema, nullable: false }
  const [only] = present
  return { present: present.length === 1 && only ? only : { ...schema, anyOf: present }, nullable: true }
}

/** The words of a choice; none for any other schema. */
export function choicesOf(schema: FormSchema): readonly Choice[] {
  const options = schema.anyOf ?? (schema.const === undefined ? [] : [schema])
  const choices = options.flatMap(({ const: value, title }) =>
    typeof value === 'string' ? [{ value, label: tFrom(title ?? value) }] : [],
  )
  return choices.length === options.length ? choices : []
}

/** What a new entry of a list begins with. */
export function newEntry(items: FormSchema): JsonValue {
  if (items.properties === undefined) return describeField('', items).initial ?? ''
  const members = describeForm(items)
    .filter(({ optional }) => !optional)
    .map(({ name, initial, nullable, control }): [string, JsonValue] => [
      name,
      initial ?? blank(control, nullable),
    ])
  return Object.fromEntries(members)
}

/**
 * A new entry of a list whose entries stand for output ports: with a port that no entry has and at which no edge was left
 * behind, so that no edge changes its meaning. Null where there is none.
 */
export function newEntryWithPort(
  items: FormSchema,
  entries: readonly JsonValue[],
  connected: readonly string[],
): JsonValue | null {
  const entry = newEntry(items)
  const port = describeForm(items).find(({ control }) => control === 'port')
  if (port === undefined) return entry
  const taken = new Set([...entries.map((other) => valueAt(other, [port.name])), ...connected])
  const free = choicesOf(port.schema).find(({ value }) => !taken.has(value))
  return free === undefined ? null : { ...(entry as object), [port.name]: free.value }
}

function blank(control: FormControl, nullable: boolean): JsonValue {
  if (nullable) return null
  if (control === 'number' || control === 'duration') return 0
  if (control === 'toggle') return false
  return control === 'list' || control === 'fields' || control === 'schema' ? [] : ''
}
