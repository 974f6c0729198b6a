import type { JsonValue, NodeConfig } from './model.ts'
import { ownMember, withMember, withoutMember } from './own-member.ts'

/** An edit of one value within a node's config. Array indexes are written in decimal, as in `Issue.path`. */
export type ConfigEdit =
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: JsonValue }
  | { readonly kind: 'remove'; readonly path: readonly string[] }
  | { readonly kind: 'rename'; readonly path: readonly string[]; readonly name: string }

/**
 * The config with one value set, removed or renamed. Null where the path leads nowhere: a parent that does not exist,
 * an index beyond the end of its list, a name that is taken, a member of something that is no list and no object.
 */
export function editConfig(config: NodeConfig, edit: ConfigEdit): NodeConfig | null {
  return editAt(config, edit.path, edit) as NodeConfig | null
}

function editAt(value: JsonValue, path: readonly string[], edit: ConfigEdit): JsonValue | null {
  const [name, ...rest] = path
  if (name === undefined || typeof value !== 'object' || value === null) return null
  if (rest.length === 0) return isList(value) ? editList(value, name, edit) : editObject(value, name, edit)
  const child = ownMember(value as NodeConfig, name)
  if (child === undefined) return null
  const edited = editAt(child, rest, edit)
  if (edited === null) return null
  return isList(value) ? value.with(Number(name), edited) : withMember(value, name, edited)
}

function editObject(value: NodeConfig, name: string, edit: ConfigEdit): NodeConfig | null {
  if (edit.kind === 'set') return withMember(value, name, edit.value)
  const member = ownMember(value, name)
  if (member === undefined) return null
  if (edit.kind === 'remove') return withoutMember(value, name)
  if (Object.hasOwn(value, edit.name)) return null
  return withMember(withoutMember(value, name), edit.name, member)
}

function editList(value: readonly JsonValue[], name: string, edit: ConfigEdit): readonly JsonValue[] | null {
  const index = listIndex(value, name)
  const last = edit.kind === 'set' ? value.length : value.length - 1
  if (index < 0 || index > last) return null
  if (edit.kind === 'set') return value.toSpliced(index, 1, edit.value)
  return edit.kind === 'remove' ? value.toSpliced(index, 1) : null
}

function listIndex(value: readonly JsonValue[], name: string): number {
  const index = /^(0|[1-9][0-9]{0,8})$/.test(name) ? Number(name) : -1
  return index <= value.length ? index : -1
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value)
}
