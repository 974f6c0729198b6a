import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import { EvaluationError } from '../expression.ts'
import { FIELDS, ROW } from './outcome.ts'

/** Known ways out of the expression languages of other products, and their near relations. */
const CORPUS = [
  "constructor.constructor('return process')()",
  'constructor.constructor',
  '"constructor"."constructor"',
  '__proto__.polluted',
  '__proto__.__proto__',
  'address.__proto__',
  'address."__proto__"."polluted"',
  'address.constructor.prototype',
  "this.constructor.constructor('return this')()",
  'this',
  'globalThis',
  'process.env',
  "require('fs')",
  "import('fs')",
  "(()=>{}).constructor('return 1')()",
  'function(){}',
  'eval(1)',
  "Function('return 1')()",
  '`$' + '{process.exit()}`',
  '$' + '{7*7}',
  '{{7*7}}',
  "#{T(java.lang.Runtime).getRuntime().exec('id')}",
  "region.replace('a', 'b')",
  'region.length',
  'tags.map(x => x)',
  'tags[0]',
  "tags['constructor']",
  'a = b = c',
  'qty := 5',
  'qty++',
  'new Date()',
  "element_at(tags, 1).constructor.constructor('x')",
  "hasOwnProperty('qty')",
  'toString()',
  'valueOf()',
  '__defineGetter__(1, 2)',
  '__lookupGetter__',
  'Object.assign(address, 1)',
  'Reflect.ownKeys(address)',
  'async () => 1',
  'yield 1',
  '1; process.exit()',
  "'; drop table users; --",
  "cast('1' as constructor)",
  "cast('1' as __proto__)",
  'cast(region as struct<__proto__ string>)',
  "interval '1' constructor + ts",
  "date_trunc('constructor', ts)",
  "date_trunc('__proto__', ts)",
  "regexp_like(region, '(?{ code })')",
  '\u0000',
  '\\u0063onstructor',
  'ℂonstructor',
] as const

/** Every property of the objects that all code shares: what is there, whether it may change, and what it holds. */
function primordials(): ReadonlyMap<object, readonly unknown[]> {
  const seen = new Map<object, readonly unknown[]>()
  const visit = (value: unknown) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      return
    const descriptors = Object.getOwnPropertyDescriptors(value)
    const own = Reflect.ownKeys(descriptors).map((key) => [key, Reflect.get(descriptors, key)] as const)
    seen.set(value, [
      Object.getPrototypeOf(value),
      Object.isExtensible(value),
      ...own.flatMap(([key, one]) => [
        key,
        one.value,
        one.get,
        one.set,
        one.writable,
        one.enumerable,
        one.configurable,
      ]),
    ])
    for (const [, { value: child, get, set }] of own) for (const next of [child, get, set]) visit(next)
  }
  for (const root of [
    Object,
    Function,
    Array,
    String,
    Number,
    BigInt,
    Boolean,
    Symbol,
    Map,
    Set,
    Date,
    Math,
    JSON,
    Reflect,
    Promise,
    RegExp,
    Uint8Array,
    Error,
    Intl,
  ]) {
    visit(root)
  }
  return seen
}

function meaningOf(text: string): unknown {
  const result = compile(text, FIELDS)
  if (!result.ok) return 'refused'
  try {
    return result.expression.evaluate(ROW, { time: 0 })
  } catch (error) {
    if (error instanceof EvaluationError) return 'failed'
    throw error
  }
}

describe('the corpus of escapes', () => {
  it.each(CORPUS)('%s is refused', (text) => {
    expect(meaningOf(text)).toBe('refused')
  })

  it('changes nothing that all code shares', () => {
    const before = primordials()
    expect(before.size).toBeGreaterThan(400)
    for (const text of CORPUS) meaningOf(text)
    for (const text of ['__proto__', 'constructor', "concat('a', constructor)", 'address.city'])
      meaningOf(text)
    const after = primordials()
    expect(after.size).toBe(before.size)
    for (const [object, properties] of before)
      expect(after.get(object)?.every((one, i) => Object.is(one, properties[i]))).toBe(true)
  })
})
