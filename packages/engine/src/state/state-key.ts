/** Names one state row within a task. */
export interface StateKey {
  readonly nodeId: string
  /** The generation in which the node's state began; rows of another birth do not count. */
  readonly birth: number
  /** Key and sub-key, see `rowName`. */
  readonly name: string
}

/** The part of a state key behind node and birth: the key, led by its length, and the sub-key. */
export function rowName(key: string, subKey: string): string {
  return rowPrefix(key) + subKey
}

/** What the names of all rows of a key begin with, and no others. */
export function rowPrefix(key: string): string {
  return `${key.length}:${key}`
}

/** The part of a row name that is the prefix of its key. */
export function prefixOfName(name: string): string {
  const colon = name.indexOf(':')
  return name.slice(0, colon + 1 + Number(name.slice(0, colon)))
}

/** Key and sub-key of a row name. */
export function splitRowName(name: string): { key: string; subKey: string } {
  const colon = name.indexOf(':')
  const end = colon + 1 + Number(name.slice(0, colon))
  return { key: name.slice(colon + 1, end), subKey: name.slice(end) }
}

/**
 * What all state keys of a node begin with. A state key is the text `node:birth:length:key` and the sub-key, as it
 * stands in the changelog and in Redis: the rows of one key share a prefix, so that they can be read as a lexical
 * range. Node ids hold no colon.
 */
export function stateKeyPrefix(nodeId: string, birth: number): string {
  return `${nodeId}:${birth}:`
}

/** Reads the text of a state key; null for other text. */
export function parseStateKey(text: string): StateKey | null {
  const match = /^([A-Za-z0-9_-]+):(\d+):(?=\d+:)/.exec(text)
  if (match === null) return null
  return { nodeId: match[1] as string, birth: Number(match[2]), name: text.slice(match[0].length) }
}
