/** A number as it is written. */
export class JsonNumber {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

/** What a JSON text holds. Objects are maps, so that no name is special; of two members of one name the last counts. */
export type JsonTree =
  | null
  | boolean
  | string
  | JsonNumber
  | readonly JsonTree[]
  | ReadonlyMap<string, JsonTree>

/** How deep arrays and objects may be nested in a JSON text. */
export const JSON_DEPTH = 64

const STRING = String.raw`"([^"\\\u0000-\u001f]*(?:\\[\s\S][^"\\\u0000-\u001f]*)*)"`
const NUMBER = String.raw`(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)`
const TOKEN = `[ \\t\\n\\r]*(?:([{}[\\]:,])|${STRING}|${NUMBER}|(true|false|null)|$)`

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** Thrown where a text is no JSON. */
class NoJson extends Error {}

/** What a JSON text (RFC 8259) holds; undefined where it is none or nested more than 64 deep. Takes linear time. */
export function parseJson(text: string): JsonTree | undefined {
  try {
    return new JsonReader(text).readAll()
  } catch (error) {
    if (error instanceof NoJson) return undefined
    throw error
  }
}

/** Reads with one token ahead. */
class JsonReader {
  readonly #text: string
  readonly #token = new RegExp(TOKEN, 'y')
  /** Punctuation, `"` for a string, `0` for a value of another kind, or empty at the end. */
  #next = ''
  #value: JsonTree = null

  constructor(text: string) {
    this.#text = text
    this.#advance()
  }

  readAll(): JsonTree {
    const tree = this.#readValue(0)
    if (this.#next !== '') throw new NoJson()
    return tree
  }

  #advance(): void {
    const match = this.#token.exec(this.#text)
    if (match === null) throw new NoJson()
    const [, punctuation, string, number, word] = match
    if (punctuation !== undefined) this.#next = punctuation
    else if (string !== undefined) this.#set('"', unescapeJson(string))
    else if (number !== undefined) this.#set('0', new JsonNumber(number))
    else if (word !== undefined) this.#set('0', WORDS.get(word) as boolean | null)
    else this.#next = ''
  }

  #set(kind: '"' | '0', value: JsonTree): void {
    this.#next = kind
    this.#value = value
  }

  #readValue(depth: number): JsonTree {
    if (this.#next === '"' || this.#next === '0') {
      const value = this.#value
      this.#advance()
      return value
    }
    if (depth >= JSON_DEPTH) throw new NoJson()
    if (this.#next === '[') return this.#readArray(depth + 1)
    if (this.#next === '{') return this.#readObject(depth + 1)
    throw new NoJson()
  }

  #readArray(depth: number): JsonTree {
    const elements: JsonTree[] = []
    this.#readList(']', () => elements.push(this.#readValue(depth)))
    return elements
  }

  #readObject(depth: number): JsonTree {
    const members = new Map<string, JsonTree>()
    this.#readList('}', () => {
      if (this.#next !== '"') throw new NoJson()
      const name = this.#value as string
      this.#advance()
      this.#expect(':')
      members.set(name, this.#readValue(depth))
    })
    return members
  }

  /** Reads from an opening bracket to the closing one. */
  #readList(close: string, readItem: () => void): void {
    this.#advance()
    if (this.#next !== close) {
      readItem()
      while (this.#next === ',') {
        this.#advance()
        readItem()
      }
    }
    this.#expect(close)
  }

  #expect(punctuation: string): void {
    if (this.#next !== punctuation) throw new NoJson()
    this.#advance()
  }
}

function unescapeJson(string: string): string {
  if (!string.includes('\\')) return string
  try {
    return (JSON.parse(`"${string}"`) as string).toWellFormed()
  } catch {
    throw new NoJson()
  }
}

/** Writes a tree without white space, the members of an object in the order of their names. */
export function writeJson(tree: JsonTree): string {
  if (tree instanceof JsonNumber) return tree.source
  if (tree instanceof Map) return `{${writeMembers(tree as ReadonlyMap<string, JsonTree>).join(',')}}`
  if (Array.isArray(tree)) return `[${(tree as readonly JsonTree[]).map(writeJson).join(',')}]`
  return JSON.stringify(tree)
}

function writeMembers(members: ReadonlyMap<string, JsonTree>): string[] {
  const names = [...members.keys()].sort()
  return names.map((name) => `${JSON.stringify(name)}:${writeJson(members.get(name) as JsonTree)}`)
}
