import { describe, expect, it } from 'vitest'
import { compile, compileCondition } from './compile.ts'
import { arrayOf, type Field, mapOf, scalar, structOf } from './type.ts'

const FIELDS: readonly Field[] = [
  { name: 'region', type: scalar('string') },
  { name: 'status', type: scalar('string') },
  { name: 'total', type: scalar('double') },
  { name: 'id', type: scalar('string', false) },
  { name: 'qty', type: scalar('int64', false) },
  { name: 'active', type: scalar('boolean') },
  { name: 'paid', type: scalar('boolean', false) },
  { name: 'tags', type: arrayOf(scalar('string')) },
  { name: 'labels', type: mapOf(scalar('string'), scalar('string')) },
  { name: 'address', type: structOf([{ name: 'city', type: scalar('string', false) }]) },
  { name: 'place', type: structOf([{ name: 'city', type: scalar('string', false) }], false) },
]

/** The code of the hint and the text after its fix, null where there is none, for every hint. */
function hintsFor(text: string, run = compileCondition): readonly (readonly [string, string | null])[] {
  const result = run(text, FIELDS)
  if (!result.ok) throw new Error(`${text}: ${result.issues[0]?.message}`)
  return result.hints().map(({ code, from, to, fix }) => {
    const mended = fix ? text.slice(0, from) + fix.replacement + text.slice(to) : null
    if (mended !== null) expect(run(mended, FIELDS), mended).toMatchObject({ ok: true })
    return [code, mended]
  })
}

// biome-ignore format: one condition a line
const HINTED: readonly (readonly [string, string, string | null])[] = [
  ['region = null',                       'null_comparison',      'region is null'],
  ['null = region',                       'null_comparison',      'region is null'],
  ['region != null',                      'null_comparison',      'region is not null'],
  ['(qty + 1)<>null',                     'null_comparison',      '(qty + 1) is not null'],
  ['total > null',                        'null_comparison',      null],
  ['not (region = null)',                 'null_comparison',      'not (region is null)'],
  ['paid and (region = null)',            'null_comparison',      'paid and (region is null)'],
  ["region in ('a', null)",               'null_in_list',         "region in ('a')"],
  ["region not in (null, 'a', 'b')",      'null_in_list',         "region not in ('a', 'b')"],
  ["region in (('a'), null)",             'null_in_list',         null],
  ['region in (null)',                    'null_in_list',         null],
  ['id is null',                          'null_test_constant',   'false'],
  ['id is not null and total > 1',        'null_test_constant',   'true and total > 1'],
  ['place.city is null',                  'null_test_constant',   'false'],
  ['coalesce(total, 0) is null',          'null_test_constant',   'false'],
  ["coalesce(id, 'none') = 'a'",          'unreachable_argument', "id = 'a'"],
  ["coalesce(region, id, status) = 'a'",  'unreachable_argument', "coalesce(region, id) = 'a'"],
  ["coalesce(qty + 1, 0) * 2 = 4",        'unreachable_argument', 'coalesce(qty + 1) * 2 = 4'],
  ["region <> 'a'",                       'null_excluded',        "region is distinct from 'a'"],
  ["region<>'a' or total > 1",            'null_excluded',        "region is distinct from 'a' or total > 1"],
  ["'a' != region",                       'null_excluded',        "'a' is distinct from region"],
  ['region <> status',                    'null_excluded',        'region is distinct from status'],
  ["(lower(region)) <> 'a'",              'null_excluded',        "(lower(region)) is distinct from 'a'"],
  ["not (region = 'a')",                  'null_excluded',        "region is distinct from 'a'"],
  ["not region = 'a' and paid",           'null_excluded',        "region is distinct from 'a' and paid"],
  ['not (total > 1)',                     'null_excluded',        'not coalesce(total > 1, false)'],
  ["not (region = 'a' and total > 1)",    'null_excluded',        "not coalesce(region = 'a' and total > 1, false)"],
  ['not active',                          'null_excluded',        'not coalesce(active, false)'],
  ["region not in ('a', 'b')",            'null_excluded',        "not coalesce(region in ('a', 'b'), false)"],
  ["'a' not in (region, id)",             'null_excluded',        "not coalesce('a' in (region, id), false)"],
  ["region not like 'a%'",                'null_excluded',        "not coalesce(region like 'a%', false)"],
  ["(region) not like 'a%' escape '!'",   'null_excluded',        "not coalesce((region) like 'a%' escape '!', false)"],
  ['total not between 1 and 2',           'null_excluded',        'not coalesce(total between 1 and 2, false)'],
  ["address.city <> 'a'",                 'null_excluded',        "address.city is distinct from 'a'"],
  ["tags[1] <> 'a'",                      'null_excluded',        "tags[1] is distinct from 'a'"],
  ["labels['a'] <> 'b'",                  'null_excluded',        "labels['a'] is distinct from 'b'"],
  ["status = 'x' and region <> 'a'",      'null_excluded',        "status = 'x' and region is distinct from 'a'"],
  ["region = 'x' or region <> 'a'",       'null_excluded',        "region = 'x' or region is distinct from 'a'"],
  ["region <> 'a' and region <> 'b'",     'null_excluded',        "region is distinct from 'a' and region <> 'b'"],
  ["if(region <> 'a', paid, paid)",       'null_excluded',        "if(region is distinct from 'a', paid, paid)"],
]

// biome-ignore format: one condition a line
const UNHINTED: readonly string[] = [
  "region = 'a'", 'total > 1', "region in ('a', 'b')", "region like 'a%'", 'total between 1 and 2', 'active',
  "id <> 'a'", "not (id = 'a')", "id not in ('a')", 'not paid', "id not like 'a%'", 'qty not between 1 and 2',
  "region is null", "region is not null", "coalesce(region, '') <> 'a'", "coalesce(region, id) = 'a'",
  "region <> 'a' or region is null", "region is not null and region <> 'a'", "not (region = 'a') or region is null",
  "region is distinct from 'a'", "region is not distinct from null", "not (region is distinct from 'a')",
  "region > 'a' and region <> 'b'", "starts_with(region, 'a') and region <> 'ab'", 'active and not active',
  "address is not null and address.city <> 'a'", "address.city is not null and address.city not in ('a')",
  "lower(region) <> 'a' and region is not null", "place.city <> 'a'", "not (region <> 'a')", "not (region not like 'a%')",
  'not coalesce(active, false)', "not coalesce(region = 'a', false)", "any(tags, t -> t <> 'a')", 'qty is not distinct from 1',
  "case region when null then true else false end", "nullif(region, 'a') is null", 'mod(qty, 2) = 1',
]

describe('hints about nulls', () => {
  it.each(HINTED)('%s: %s', (text, code, mended) => {
    expect(hintsFor(text)).toEqual([[code, mended]])
  })

  it.each(UNHINTED)('none for %s', (text) => {
    expect(hintsFor(text)).toEqual([])
  })

  it('tells those of several places, in the order of the text', () => {
    const codes = hintsFor("id is null or status <> 'b' or region = null").map(([code]) => code)
    expect(codes).toEqual(['null_test_constant', 'null_excluded', 'null_comparison'])
  })

  it('does not tell of a comparison whose null is a value like any other', () => {
    expect(hintsFor("region <> 'a'", compile)).toEqual([])
    expect(hintsFor("case when region <> 'a' then 1 else 2 end", compile)).toEqual([
      ['null_excluded', "case when region is distinct from 'a' then 1 else 2 end"],
    ])
  })

  it('names what may be null, and how to say that it is meant', () => {
    const result = compileCondition('region <> status', FIELDS)
    expect(result.ok && result.hints()).toEqual([
      {
        code: 'null_excluded',
        from: 0,
        to: 16,
        message:
          'Where region or status is null, this is null and does not match. Change it, or add region is not null and status is not null if that is meant',
        fix: {
          label: 'Change to region is distinct from status',
          replacement: 'region is distinct from status',
        },
      },
    ])
  })

  it('offers a long fix by a short name', () => {
    const options = Array.from({ length: 20 }, (_, i) => `'${i}'`).join(', ')
    const result = compileCondition(`region not in (${options})`, FIELDS)
    expect(result.ok && result.hints()[0]?.fix).toEqual({
      label: 'Change it',
      replacement: `not coalesce(region in (${options}), false)`,
    })
  })

  it('names long parts in short', () => {
    const result = compileCondition(`concat_ws(',', region, '${'a'.repeat(80)}') || region <> 'b'`, FIELDS)
    expect(result.ok && result.hints()[0]?.message).toMatch(/^Where this value is null/)
  })
})
