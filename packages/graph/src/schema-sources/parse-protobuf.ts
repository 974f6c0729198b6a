/** A field of a message. */
export interface ProtobufField {
  readonly name: string
  /** As it is written, such as `int32`, `Order.Item` or `.shop.Order`. */
  readonly type: string
  /** Of a map the type of the keys; then `type` is that of the values. */
  readonly key?: string
  readonly label: 'required' | 'optional' | 'repeated' | null
}

/** A message or an enum. */
export type ProtobufType =
  | {
      readonly kind: 'message'
      readonly fields: readonly ProtobufField[]
      readonly skipped: readonly string[]
    }
  | { readonly kind: 'enum'; readonly values: readonly string[] }

/** The types of a file by their full names; `root` is its first message. */
export interface ProtobufFile {
  readonly types: ReadonlyMap<string, ProtobufType>
  readonly root: string | null
}

/** The text is no Protobuf schema; `message` says what was expected and found. */
export class ProtobufSyntaxError extends Error {}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<word>\.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<number>[-+]?[\d.][\w.+-]*)|(?<sign>[{}[\]()<>=;,:/.+-])/gy
/** Messages within messages. */
const MAX_NESTING = 32

/**
 * Reads the text of a .proto file of any syntax: messages, enums, fields, maps and oneofs. Options, services and
 * extensions are passed over, imports are not followed. Throws `ProtobufSyntaxError`.
 */
export function parseProtobuf(text: string): ProtobufFile {
  const reader = new Reader(tokensOf(text))
  const types = new Map<string, ProtobufType>()
  const roots: string[] = []
  let scope = ''
  while (!reader.atEnd) {
    const word = reader.next()
    if (word === 'package') scope = reader.next()
    else if (word === 'message') roots.push(readMessage(reader, scope, types, 0))
    else if (word === 'enum') readEnum(reader, scope, types)
    else reader.skipStatement(word)
  }
  return { types, root: roots[0] ?? null }
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null)
      throw new ProtobufSyntaxError(`What does ${JSON.stringify(text.slice(from, from + 20))} mean?`)
    const { word, text: quoted, number, sign } = match.groups ?? {}
    const token = word ?? quoted ?? number ?? sign
    if (token !== undefined) tokens.push(token)
  }
  return tokens
}

/** Goes over the tokens. */
class Reader {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  next(): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new ProtobufSyntaxError('The text ends too early.')
    return token
  }

  peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  expect(token: string): void {
    const found = this.next()
    if (found !== token) throw new ProtobufSyntaxError(`Expected ${token}, found ${found.slice(0, 50)}.`)
  }

  /** A name. */
  name(): string {
    const found = this.next()
    if (!/^[A-Za-z_]\w*$/.test(found))
      throw new ProtobufSyntaxError(`Expected a name, found ${found.slice(0, 50)}.`)
    return found
  }

  /** Passes over all up to a semicolon, or over a block in braces. `first` was read. */
  skipStatement(first: string): void {
    let depth = 0
    for (let token = first; ; token = this.next()) {
      if (token === '{' || token === '[' || token === '(') depth++
      else if (token === '}' || token === ']' || token === ')') depth--
      if (depth < 0) throw new ProtobufSyntaxError(`Unexpected ${token}.`)
      if (depth === 0 && token === ';') return
      if (depth === 0 && token === '}') {
        if (this.peek() === ';') this.next()
        return
      }
    }
  }
}

type Types = Map<string, ProtobufType>

/** What follows `message`; gives its full name. */
function readMessage(reader: Reader, scope: string, types: Types, depth: number): string {
  if (depth > MAX_NESTING) throw new ProtobufSyntaxError('Messages are nested too deep.')
  const fullName = within(scope, reader.name())
  const fields: ProtobufField[] = []
  const skipped: string[] = []
  reader.expect('{')
  types.set(fullName, { kind: 'message', fields, skipped })
  readMembers({ reader, fullName, types, depth, fields, skipped })
  return fullName
}

function within(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`
}

interface Message {
  readonly reader: Reader
  readonly fullName: string
  readonly types: Types
  readonly depth: number
  readonly fields: ProtobufField[]
  readonly skipped: string[]
}

type ReadMember = (message: Message, word: string) => void

const MEMBERS: ReadonlyMap<string, ReadMember> = new Map<string, ReadMember>([
  [';', () => {}],
  ['message', ({ reader, fullName, types, depth }) => void readMessage(reader, fullName, types, depth + 1)],
  ['enum', ({ reader, fullName, types }) => readEnum(reader, fullName, types)],
  ['oneof', readOneof],
  ['map', readMap],
  ...['option', 'reserved', 'extensions', 'extend'].map((word) => [word, skip] as const),
])

/** Members up to the brace that closes. */
function readMembers(message: Message): void {
  for (let word = message.reader.next(); word !== '}'; word = message.reader.next()) {
    const read = MEMBERS.get(word) ?? readField
    read(message, word)
  }
}

function skip({ reader }: Message, word: string): void {
  reader.skipStatement(word)
}

/** Its fields are fields of the message, of which one is set. */
function readOneof(message: Message): void {
  message.reader.name()
  message.reader.expect('{')
  readMembers(message)
}

function readMap({ reader, fields }: Message): void {
  reader.expect('<')
  const key = reader.next()
  reader.expect(',')
  const type = reader.next()
  reader.expect('>')
  fields.push({ name: reader.name(), type, key, label: null })
  reader.expect('=')
  reader.skipStatement(reader.next())
}

const LABELS: ReadonlySet<string> = new Set(['required', 'optional', 'repeated'])

function readField({ reader, fields, skipped }: Message, word: string): void {
  const isLabelled = LABELS.has(word) && reader.peek() !== '='
  const type = isLabelled ? reader.next() : word
  if (!/^\.?[A-Za-z_][\w.]*$/.test(type))
    throw new ProtobufSyntaxError(`Expected a type, found ${type.slice(0, 50)}.`)
  const name = reader.name()
  reader.expect('=')
  if (type === 'group') skipped.push(name)
  else fields.push({ name, type, label: isLabelled ? (word as ProtobufField['label']) : null })
  reader.skipStatement(reader.next())
}

/** What follows `enum`. */
function readEnum(reader: Reader, scope: string, types: Types): void {
  const fullName = within(scope, reader.name())
  const values: string[] = []
  reader.expect('{')
  for (let word = reader.next(); word !== '}'; word = reader.next()) {
    if (word === ';') continue
    if (reader.peek() === '=') values.push(word)
    reader.skipStatement(word)
  }
  types.set(fullName, { kind: 'enum', values })
}
