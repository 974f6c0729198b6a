import {
  type DataType,
  decimal,
  type Field,
  formatDecimal,
  formatTimestamp,
  MAX_PRECISION,
  parseTimestamp,
  readDecimal,
  type SimpleCondition,
  type SimpleGroup,
  type SimpleOperand,
  type SimpleOperator,
  scalar,
  simpleOperators,
  toInt64,
  type Value,
} from '@millrace/expr'
import { type Message, msg } from '../../i18n/t.ts'

/** How an operator is called in the builder, and how many operands it takes. */
export interface OperatorLook {
  readonly operator: SimpleOperator
  readonly label: Message
  readonly operands: 'none' | 'one' | 'two' | 'many'
}

// biome-ignore format: one operator a row
const OPERATORS: readonly OperatorLook[] = [
  { operator: '=',               label: msg('is'),               operands: 'one' },
  { operator: '<>',              label: msg('is not'),           operands: 'one' },
  { operator: '<',               label: msg('less than'),        operands: 'one' },
  { operator: '<=',              label: msg('at most'),          operands: 'one' },
  { operator: '>',               label: msg('more than'),        operands: 'one' },
  { operator: '>=',              label: msg('at least'),         operands: 'one' },
  { operator: 'between',         label: msg('between'),          operands: 'two' },
  { operator: 'not between',     label: msg('not between'),      operands: 'two' },
  { operator: 'starts with',     label: msg('starts with'),      operands: 'one' },
  { operator: 'ends with',       label: msg('ends with'),        operands: 'one' },
  { operator: 'contains',        label: msg('contains'),         operands: 'one' },
  { operator: 'not starts with', label: msg('starts not with'),  operands: 'one' },
  { operator: 'not ends with',   label: msg('ends not with'),    operands: 'one' },
  { operator: 'not contains',    label: msg('contains not'),     operands: 'one' },
  { operator: 'like',            label: msg('fits pattern'),     operands: 'one' },
  { operator: 'not like',        label: msg('fits not pattern'), operands: 'one' },
  { operator: 'in',              label: msg('is one of'),        operands: 'many' },
  { operator: 'not in',          label: msg('is none of'),       operands: 'many' },
  { operator: 'is null',         label: msg('is null'),          operands: 'none' },
  { operator: 'is not null',     label: msg('is not null'),      operands: 'none' },
]

const BY_OPERATOR = new Map(OPERATORS.map((look) => [look.operator, look]))

/** How an operator looks in the builder. */
export function lookOf(operator: SimpleOperator): OperatorLook {
  return BY_OPERATOR.get(operator) as OperatorLook
}

/** The operators that a field allows, in the order in which they are offered; of an unknown field: all. */
export function operatorsFor(type: DataType | undefined): readonly OperatorLook[] {
  if (type === undefined) return OPERATORS
  const allowed = new Set(simpleOperators(type))
  return OPERATORS.filter(({ operator }) => allowed.has(operator))
}

/** The field at a path through structs. */
export function fieldAt(path: readonly string[], fields: readonly Field[]): Field | undefined {
  const [name, ...rest] = path
  const field = fields.find((candidate) => candidate.name === name)
  if (field === undefined || rest.length === 0) return field
  return field.type.kind === 'struct' ? fieldAt(rest, field.type.fields) : undefined
}

/** What a field is compared with. */
export type OperandKind = SimpleOperand['kind']

/** A type of this kind, for what is the same for all of them. */
export function typeOfKind(kind: OperandKind): DataType {
  return kind === 'decimal' ? decimal(MAX_PRECISION, 0) : scalar(kind)
}

/** A field that conditions can be about. */
export interface ConditionField {
  readonly path: readonly string[]
  readonly kind: OperandKind
}

/** The scalar fields with the members of structs. */
export function conditionFields(
  fields: readonly Field[],
  before: readonly string[] = [],
): readonly ConditionField[] {
  return fields.flatMap(({ name, type }): readonly ConditionField[] => {
    const path = [...before, name]
    if (type.kind === 'struct') return conditionFields(type.fields, path)
    return type.kind === 'array' || type.kind === 'map' ? [] : [{ path, kind: type.kind }]
  })
}

const BLANKS: { readonly [Kind in OperandKind]: Value } = {
  string: '',
  int64: 0,
  decimal: 0,
  double: 0,
  boolean: true,
  timestamp: 0,
  bytes: new Uint8Array(),
}

/** A fresh row about a field. */
export function newRow({ path, kind }: ConditionField): SimpleCondition {
  return { path, operator: '=', operands: [blankOperand(kind)] }
}

function blankOperand(kind: OperandKind): SimpleOperand {
  return { kind: isNumber(kind) ? 'int64' : kind, value: BLANKS[kind] }
}

/** True for kinds that are compared with numbers. */
export function isNumber(kind: OperandKind): boolean {
  return kind === 'int64' || kind === 'decimal' || kind === 'double'
}

/** The row about another field: what still fits is kept. */
export function withField(row: SimpleCondition, field: ConditionField): SimpleCondition {
  const fits = operatorsFor(typeOfKind(field.kind)).some(({ operator }) => operator === row.operator)
  const kept = row.operands.map(
    (operand) => readOperand(operandText(operand), field.kind) ?? blankOperand(field.kind),
  )
  return withOperator({ ...row, path: field.path, operands: kept }, fits ? row.operator : '=', field.kind)
}

/** The row with another operator, with as many operands as that takes. */
export function withOperator(
  row: SimpleCondition,
  operator: SimpleOperator,
  kind: OperandKind,
): SimpleCondition {
  const { operands: wanted } = lookOf(operator)
  const first = row.operands[0] ?? blankOperand(kind)
  const second = row.operands[1] ?? first
  const operands = {
    none: [],
    one: [first],
    two: [first, second],
    many: row.operands.length > 0 ? row.operands : [first],
  }[wanted]
  return { ...row, operator, operands }
}

/** An operand as it is shown and typed. */
export function operandText({ kind, value }: SimpleOperand): string {
  if (kind === 'timestamp' && typeof value === 'number') return formatTimestamp(value)
  return value === null || value instanceof Uint8Array ? '' : String(value)
}

/** Reads an operand for a field of this kind; null where the text is none. */
export function readOperand(text: string, kind: OperandKind): SimpleOperand | null {
  switch (kind) {
    case 'string':
      return { kind, value: text }
    case 'boolean':
      return text === 'true' || text === 'false' ? { kind, value: text === 'true' } : null
    case 'timestamp': {
      const value = parseTimestamp(text.trim())
      return value === null ? null : { kind, value }
    }
    case 'int64':
    case 'double':
      return readNumber(text.trim())
    case 'decimal':
      return readExactNumber(text.trim())
    default:
      return null
  }
}

/** Whole numbers are exact; others are doubles. */
function readNumber(text: string): SimpleOperand | null {
  if (/^[+-]?\d+$/.test(text)) {
    const value = toInt64(BigInt(text))
    return value === null ? null : { kind: 'int64', value }
  }
  const value = Number(text)
  return text !== '' && Number.isFinite(value) ? { kind: 'double', value } : null
}

/** A number of up to 15 digits is the only such one with its double; longer ones keep their digits. */
function readExactNumber(text: string): SimpleOperand | null {
  const number = readNumber(text)
  if (number === null || number.kind === 'int64' || text.replace(/\D/g, '').length <= 15) return number
  const places = text.split('.')[1]?.length ?? 0
  const exact = places <= MAX_PRECISION ? readDecimal(text, MAX_PRECISION, places) : null
  if (exact === null || exact === 'overflow' || /e/i.test(text)) return null
  return { kind: 'decimal', value: formatDecimal(exact.value, places) }
}

/** Rows that are joined by one word. */
interface Rows<Row> {
  readonly conjunction: 'and' | 'or'
  readonly rows: readonly Row[]
}

/** Replaces, adds or (null) removes a row or a group. */
export function withRow<Row>(joined: Rows<Row>, index: number, row: Row | null): Rows<Row> {
  const { rows } = joined
  return {
    ...joined,
    rows: row === null ? rows.toSpliced(index, 1) : rows.toSpliced(index, 1, row),
  }
}

/** A fresh group beside rows: its rows are joined the other way, else it would change nothing. */
export function newGroup(conjunction: 'and' | 'or', field: ConditionField): SimpleGroup {
  return { conjunction: conjunction === 'and' ? 'or' : 'and', rows: [newRow(field), newRow(field)] }
}
