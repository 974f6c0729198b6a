import type { Checked, Checking } from './checking.ts'
import { typeName } from './checking.ts'
import { quoteName } from './names.ts'
import { suggest } from './suggest.ts'
import type { FieldSyntax, MemberSyntax, NameSyntax, Syntax } from './syntax.ts'
import { type Field, withNullable } from './type.ts'
import type { Typed } from './typed.ts'

/** Checks a field of the row. */
export function checkField(syntax: FieldSyntax, checking: Checking): Checked {
  return checkPath({ root: syntax, names: [] }, checking)
}

/** Checks `a.b.c`. */
export function checkMember(syntax: MemberSyntax, checking: Checking): Checked {
  return checkPath(unfold(syntax), checking)
}

interface Path {
  readonly root: Syntax
  readonly names: readonly NameSyntax[]
}

function unfold(syntax: MemberSyntax): Path {
  const names: NameSyntax[] = []
  let root: Syntax = syntax
  while (root.kind === 'member') {
    names.unshift(root.name)
    root = root.object
  }
  return { root, names }
}

function checkPath(path: Path, checking: Checking): Checked {
  let typed = path.root.kind === 'field' ? rowField(path.root.name, checking) : checking.check(path.root)
  for (const name of path.names) {
    if (typed === null) return null
    typed = structField(typed, name, checking)
  }
  if (typed?.kind === 'field') checking.read(typed.path)
  return typed
}

/** Parameters of lambdas stand before fields of the same name, those of the innermost lambda first. */
function rowField(name: NameSyntax, checking: Checking): Checked {
  const variable = checking.variables.find((known) => known.name === name.name)
  if (variable !== undefined) return { kind: 'variable', type: variable.type, variable }
  const position = checking.schema.findIndex((field) => field.name === name.name)
  const field = checking.schema[position]
  if (field === undefined)
    return unknownField(name, [...checking.variables, ...checking.schema], '', checking)
  return { kind: 'field', type: field.type, positions: [position], path: [field.name] }
}

function structField(object: Typed, name: NameSyntax, checking: Checking): Checked {
  const { type } = object
  const where = wordsFor(object)
  if (type.kind === 'array') return checking.refuse('type_mismatch', name, ofArray(where, name))
  if (type.kind !== 'struct')
    return checking.refuse('type_mismatch', name, `${where} is ${typeName(type)}: it has no fields`)
  const position = type.fields.findIndex((field) => field.name === name.name)
  const field = type.fields[position]
  if (field === undefined) return unknownField(name, type.fields, ` in ${where}`, checking)
  const fieldType = withNullable(field.type, field.type.nullable || type.nullable)
  if (object.kind !== 'field') return { kind: 'member', type: fieldType, object, position }
  return {
    kind: 'field',
    type: fieldType,
    positions: [...object.positions, position],
    path: [...object.path, field.name],
  }
}

function wordsFor(object: Typed): string {
  if (object.kind === 'variable') return quoteName(object.variable.name)
  return object.kind === 'field' ? object.path.map(quoteName).join('.') : 'this value'
}

function ofArray(where: string, name: NameSyntax): string {
  const example = `${where}[1].${quoteName(name.name)}`
  return `${where} is an array: a field is read from one of its elements, as in ${example}`
}

function unknownField(
  name: NameSyntax,
  fields: readonly Pick<Field, 'name'>[],
  where: string,
  checking: Checking,
): null {
  const known = fields.map((field) => field.name)
  const meant = suggest(name.name, known)
  const message = `There is no field ${quoteName(name.name)}${where}`
  if (meant !== null) {
    return checking.refuse(
      'unknown_field',
      name,
      `${message}. Did you mean ${quoteName(meant)}?`,
      quoteName(meant),
    )
  }
  if (!name.quoted) return checking.refuse('unknown_field', name, message)
  const text = `'${name.name.replaceAll("'", "''")}'`
  return checking.refuse('unknown_field', name, `${message}. Text is written in single quotes`, text)
}
