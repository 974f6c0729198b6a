import type { GraphNode } from './model.ts'

/** A name in quotation marks. */
export function quote(name: string): string {
  return `"${name}"`
}

/** What people call a node: its label, or its id where the label is blank; in quotation marks. */
export function nodeName(node: GraphNode): string {
  return quote(node.label.trim() || node.id)
}

/** `1 node`, `2 nodes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** ` Did you mean "size"?`, or nothing where there is no likely name. */
export function didYouMean(name: string | null): string {
  return name === null ? '' : ` Did you mean ${quote(name)}?`
}

/** `"A" → "B" → "A"`; the middle of a long circle is left out. */
export function inCircle(nodes: readonly GraphNode[]): string {
  const names = [...nodes, ...nodes.slice(0, 1)].map(nodeName)
  const shown =
    names.length <= 10 ? names : [...names.slice(0, 5), `… ${names.length - 9} more …`, ...names.slice(-4)]
  return shown.join(' → ')
}
