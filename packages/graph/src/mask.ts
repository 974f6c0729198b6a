/** What stands in place of a sensitive value. */
export const MASK = '•••'

/** Why a value is not shown: there is nothing by which its sensitive members could be found. */
export const UNMASKABLE =
  'Not shown: it is no JSON object, so its sensitive fields cannot be told from the others.'

/** A record as it may be shown. */
export interface MaskedRecord {
  readonly key: string | null
  readonly value: string | null
}

/**
 * Masks the members of a JSON object that are named, in its value and where the key repeats one of them; all else stays
 * as it is written. A value that is no JSON object is not shown at all. Texts pass as they are where nothing is named.
 */
export function maskRecord({ key, value }: MaskedRecord, sensitive: ReadonlySet<string>): MaskedRecord {
  if (sensitive.size === 0) return { key, value }
  const members = value === null ? null : membersOf(value)
  if (value === null || members === null)
    return { key: key === null ? null : MASK, value: value === null ? null : UNMASKABLE }
  const hidden = members.filter(({ name }) => sensitive.has(name))
  const isRepeated = key !== null && hidden.some(({ text }) => text !== '' && key.includes(text))
  return { key: isRepeated ? MASK : key, value: without(value, hidden) }
}

/**
 * The text of an error without the values that it may quote: quoted texts and what follows them, numbers, and what
 * stands in brackets. It errs on the side of masking.
 */
export function maskMessage(message: string): string {
  return message
    .replace(/^'[\s\S]*'/u, MASK)
    .replace(/['"[][\s\S]*$/u, MASK)
    .replace(/(?<![\p{L}\p{N}_])[-+]?\p{N}[\p{L}\p{N}.:+-]*/gu, MASK)
}

interface Member {
  readonly name: string
  /** The value: what a text says, else its JSON. */
  readonly text: string
  /** Where the value stands. */
  readonly from: number
  readonly to: number
}

function without(value: string, hidden: readonly Member[]): string {
  const parts: string[] = []
  let at = 0
  for (const { from, to } of hidden) {
    parts.push(value.slice(at, from), JSON.stringify(MASK))
    at = to
  }
  return parts.join('') + value.slice(at)
}

/** The outermost members of a JSON object, each as often as it is written; null where the text is none. */
function membersOf(text: string): readonly Member[] | null {
  if (!isJsonObject(text)) return null
  const members: Member[] = []
  let [depth, from, name]: [number, number, string | null] = [0, 0, null]
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '"') at = endOfText(text, at)
    else if (sign === '{' || sign === '[') depth++
    else if (sign === ':' && depth === 1) name = JSON.parse(text.slice(from, at)) as string
    if ((sign === ',' || sign === '}') && depth === 1 && name !== null) {
      members.push({ name, text: plainText(text.slice(from, at)), from, to: at })
      name = null
    }
    if (sign === '}' || sign === ']') depth--
    if (depth === 1 && (sign === '{' || sign === ',' || sign === ':')) from = at + 1
  }
  return members
}

/** Where the text ends that begins with the quotation mark at `at`. */
function endOfText(json: string, at: number): number {
  let end = at + 1
  while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1
  return end
}

function plainText(json: string): string {
  const value: unknown = JSON.parse(json)
  return typeof value === 'string' ? value : json.trim()
}

function isJsonObject(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json)
  } catch {
    return false
  }
}
