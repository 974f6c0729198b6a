import {
  type ArrayType,
  type CompiledExpression,
  compile,
  type DataType,
  type Field,
  type MapType,
  scalar,
  withNullable,
} from '@millrace/expr'
import type { ExplodeConfig } from './settings.ts'

/** What an explode makes of the fields that flow in. */
export interface ExplodeLayout {
  readonly list: CompiledExpression
  readonly isMap: boolean
  /** True where the fields of the elements stand in the row one by one. */
  readonly isSpread: boolean
  /** How many fields the elements fill. */
  readonly width: number
  /** The fields that are new: position or key, where it has a name, then those of the element. */
  readonly added: readonly Field[]
  /** Where the new fields begin. */
  readonly place: number
  /** How many fields of the input they replace: the array or map itself, where it is a field. */
  readonly replaced: 0 | 1
  /** All fields of the output. */
  readonly fields: readonly Field[]
}

/** Null where the expression does not compile, or gives something else than an array or a map. */
export function layoutOf(config: ExplodeConfig, fields: readonly Field[]): ExplodeLayout | null {
  const result = compile(config.list, fields)
  if (!result.ok || !isList(result.expression.type)) return null
  const { type, plainField } = result.expression
  const element = withNull(elementOf(type), config)
  const isSpread = config.parts === 'spread' && element.kind === 'struct'
  const parts = isSpread
    ? spread(element, config.prefix)
    : [{ name: elementName(config, plainField), type: element }]
  const key = type.kind === 'map' ? type.key : scalar('int64', false)
  const added = config.index === '' ? parts : [{ name: config.index, type: withNull(key, config) }, ...parts]
  const at = fields.findIndex(({ name }) => name === plainField)
  const [place, replaced] = at < 0 ? ([fields.length, 0] as const) : ([at, 1] as const)
  return {
    ...{
      list: result.expression,
      isMap: type.kind === 'map',
      isSpread,
      width: parts.length,
      added,
      place,
      replaced,
    },
    fields: fields.toSpliced(place, replaced, ...added),
  }
}

/** True for what has elements. */
export function isList(type: DataType): type is ArrayType | MapType {
  return type.kind === 'array' || type.kind === 'map'
}

/** The type of the elements of an array, or of the values of a map. */
export function elementOf(type: ArrayType | MapType): DataType {
  return type.kind === 'array' ? type.element : type.value
}

function elementName({ as }: ExplodeConfig, plainField: string | null): string {
  return as || (plainField ?? 'element')
}

/** An event that is kept without elements has nulls in their place. */
function withNull(type: DataType, { empty }: ExplodeConfig): DataType {
  return empty === 'keep' ? withNullable(type, true) : type
}

/** Where the struct itself may be null, so may its fields. */
function spread(
  { fields, nullable }: Extract<DataType, { kind: 'struct' }>,
  prefix: string,
): readonly Field[] {
  return fields.map(({ name, type }) => ({
    name: `${prefix}${name}`,
    type: nullable ? withNullable(type, true) : type,
  }))
}
