import type { FunctionRow } from '../functions/function.ts'

/** For each kind of parameter what of the tests' fields can stand there; one after the other where it comes again. */
const ARGUMENTS: Readonly<Record<string, string | readonly string[]>> = {
  boolean: 'active',
  int64: ['nothing', 'qty', '__proto__'],
  double: ['total', 'address.geo.lat'],
  decimal: ['price', 'rate'],
  string: ['region', 'address.city', '"constructor"'],
  timestamp: ['ts', 'event_time()'],
  bytes: 'raw',
  T: ['region', 'address.city'],
  U: 'nothing',
  E: ['region', 'address.city'],
  O: ['region', 'address.city'],
  'array<T>': ['tags', "array('a')"],
  'array<E>': ['tags', "array('a')"],
  'array<O>': 'tags',
  'array<N>': 'numbers',
  'array<string>': 'tags',
  'map<K, V>': ['labels', "map_from_arrays(array('a'), array(1))"],
  'array<K>': 'tags',
  'array<V>': 'numbers',
  K: 'region',
  V: 'nothing',
  pattern: "'[a-z]+$'",
  unit: "'month'",
  fixed_unit: "'minute'",
  zone: "'Europe/Berlin'",
  time_format: "'dd.MM.yyyy'",
  date_format: "'dd.MM.yyyy'",
  json_path: "'$.a'",
  url_part: "'host'",
  time_part: "'year'",
  'T -> boolean': "x -> x = 'a'",
  'T -> U': 'x -> qty',
  '(U, T) -> U': '(y, x) -> y',
}

/** A call of a function, or the use of an operator, over the tests' fields (see outcome.ts). */
export function sampleCall({ name, parameters }: FunctionRow): string {
  const seen = new Map<string, number>()
  const args = parameters.map((parameter) => {
    const kind = parameter.replace('…', '')
    const count = seen.get(kind) ?? 0
    seen.set(kind, count + 1)
    return argumentFor(kind, count)
  })
  if (/\w/.test(name)) return `${name}(${args.join(', ')})`
  return args.length === 1 ? `${name} ${args[0]}` : args.join(` ${name} `)
}

function argumentFor(kind: string, count: number): string {
  const argument = ARGUMENTS[kind]
  if (argument === undefined) throw new Error(`There is no argument for ${kind}`)
  return typeof argument === 'string' ? argument : (argument[count % argument.length] as string)
}
