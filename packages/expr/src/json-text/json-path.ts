import { JsonNumber, type JsonTree } from './parse-json.ts'

/** The steps from the root of a JSON text to a value: names of members, positions of elements (from 0; −1 is the last). */
export type JsonPath = readonly (string | number)[]

const STEP =
  /\.([\p{L}_$][\p{L}\p{N}_$]*)|\[\s*(?:(-?\d{1,9})|'((?:[^'\\]|\\['"\\])*)'|"((?:[^"\\]|\\['"\\])*)")\s*\]/uy

/** Most steps of a path. */
const MAX_STEPS = 32

/** Reads `$.name['other name'][0]`, a part of SQL's JSON path; null where the text is none. */
export function readJsonPath(text: string): JsonPath | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith('$')) return null
  const step = new RegExp(STEP.source, 'uy')
  const path: (string | number)[] = []
  step.lastIndex = 1
  while (step.lastIndex < trimmed.length) {
    const match = step.exec(trimmed)
    if (match === null || path.length === MAX_STEPS) return null
    const [, name, position, single, double] = match
    path.push(position === undefined ? (name ?? unquoted(single ?? double ?? '')) : Number(position))
  }
  return path
}

function unquoted(quoted: string): string {
  return quoted.replaceAll(/\\(.)/g, '$1')
}

/** A path as Flink's JSON functions read it. */
export function sqlJsonPath(path: JsonPath): string {
  return `lax $${path.map(sqlStep).join('')}`
}

function sqlStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`
  return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${step.replaceAll(/['\\]/g, '\\$&')}']`
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: JsonTree, path: JsonPath): JsonTree | undefined {
  return path.reduce<JsonTree | undefined>(follow, tree)
}

function follow(tree: JsonTree | undefined, step: string | number): JsonTree | undefined {
  if (typeof step === 'string')
    return tree instanceof Map ? (tree as ReadonlyMap<string, JsonTree>).get(step) : undefined
  return Array.isArray(tree) ? (tree as readonly JsonTree[]).at(step) : undefined
}

/** The text of a value that has no parts; null for null, an object or an array. */
export function scalarText(tree: JsonTree | undefined): string | null {
  if (typeof tree === 'string') return tree
  if (tree instanceof JsonNumber) return tree.source
  return typeof tree === 'boolean' ? String(tree) : null
}
