import { describe, expect, it } from 'vitest'
import { compile, compileCondition } from './compile.ts'
import { FIELDS } from './testing/outcome.ts'
import { scalar } from './type.ts'

function sqlOf(text: string) {
  const result = compile(text, FIELDS)
  if (!result.ok) throw new Error(`${text}: ${result.issues[0]?.message}`)
  return result.expression.toSql({ eventTime: '`ts`' })
}

describe('literals', () => {
  it.each([
    ['42', 'CAST(42 AS BIGINT)'],
    ['-9223372036854775808', 'CAST(-9223372036854775808 AS BIGINT)'],
    ['1.5', '1.5E0'],
    ['1e300', '1E300'],
    ['-1e-7', '-1E-7'],
    ['1152921504606846976.0', '1152921504606846976E0'],
    ["'it''s'", "CAST('it''s' AS STRING)"],
    [`'\\ " ; -- \`'`, `CAST('\\ " ; -- \`' AS STRING)`],
    ['true', 'TRUE'],
    ['false', 'FALSE'],
    ["timestamp '2026-01-31T10:42:07.9Z'", 'TO_TIMESTAMP_LTZ(1769856127900, 3)'],
    ["x'0aFF'", "CAST(X'0aff' AS BYTES)"],
    ["decimal '12.50'", 'CAST(12.50 AS DECIMAL(4, 2))'],
    ["decimal '12345678901234567890.5'", "CAST('12345678901234567890.5' AS DECIMAL(21, 1))"],
    ['cast(null as array<int64 not null>)', 'CAST(NULL AS ARRAY<BIGINT NOT NULL>)'],
    ['cast(null as map<string, double>)', 'CAST(NULL AS MAP<STRING NOT NULL, DOUBLE>)'],
    [
      'cast(null as struct<a decimal(4, 2), "b ``" bytes>)',
      'CAST(NULL AS ROW<`a` DECIMAL(4, 2), `b ````` BYTES>)',
    ],
  ])('%s', (text, sql) => {
    expect(sqlOf(text)).toEqual({ ok: true, sql, fails: null })
  })

  it('has no timestamps beyond those of Flink', () => {
    for (const text of ["timestamp '-000001-12-31'", "timestamp '+010000-01-01'"])
      expect(sqlOf(text)).toEqual({
        ok: false,
        reasons: ["Flink's timestamps lie within the years 1 and 9999"],
      })
    expect(sqlOf("timestamp '9999-12-31T23:59:59.999Z'").ok).toBe(true)
    expect(sqlOf("timestamp '0001-01-01'").ok).toBe(true)
  })
})

describe('fields', () => {
  it.each([
    ['qty', '`qty`'],
    ['address."zip code"', '`address`.`zip code`'],
    ['items[1].sku', '(`items`[1]).`sku`'],
    ['tags[qty]', '`tags`[CAST(GREATEST(LEAST(`qty`, 2147483647), 0) AS INT)]'],
    ['tags[99999999999]', '`tags`[2147483647]'],
    ["labels['a']", "`labels`[CAST('a' AS STRING)]"],
    ['stock[qty]', '`stock`[`qty`]'],
    ['event_time()', '`ts`'],
  ])('%s', (text, sql) => {
    expect(sqlOf(text)).toEqual({ ok: true, sql, fails: null })
  })

  it('doubles back-ticks in names', () => {
    const result = compile('"a`; drop table b"', [{ name: 'a`; drop table b', type: scalar('string') }])
    expect(result.ok && result.expression.toSql({ eventTime: '' })).toMatchObject({
      sql: '`a``; drop table b`',
    })
  })
})

describe('operators', () => {
  it.each([
    ["region = 'US'", "(`region` = 'US')"],
    ["'US' <> region", "('US' <> `region`)"],
    ["'a' < 'b'", "(CAST('a' AS STRING) < CAST('b' AS STRING))"],
    ['qty > 3', '(`qty` > 3)'],
    ['total > 100', '(`total` > 100E0)'],
    ['qty <= 1.5', '(CAST(`qty` AS DOUBLE) <= 1.5E0)'],
    [
      'qty < total',
      '(CASE WHEN CAST(`qty` AS DOUBLE) <> `total` THEN CAST(`qty` AS DOUBLE) < `total` ' +
        'WHEN `total` >= 9223372036854775808E0 AND `qty` IS NOT NULL THEN TRUE ELSE `qty` < CAST(`total` AS BIGINT) END)',
    ],
    [
      'total <= qty',
      '(CASE WHEN CAST(`qty` AS DOUBLE) <> `total` THEN CAST(`qty` AS DOUBLE) >= `total` ' +
        'WHEN `total` >= 9223372036854775808E0 AND `qty` IS NOT NULL THEN FALSE ELSE `qty` >= CAST(`total` AS BIGINT) END)',
    ],
    ['price = rate', '(`price` = `rate`)'],
    ['price > qty', '(`price` > `qty`)'],
    ['price > 1.5', '(`price` > 1.50)'],
    ['price > total', '(CAST(`price` AS DOUBLE) > `total`)'],
    ['active and qty = 1 and region is null', '(`active` AND (`qty` = 1) AND (`region` IS NULL))'],
    ['active or not active', '(`active` OR (NOT `active`))'],
    ['region is not null', '(NOT (`region` IS NULL))'],
    ['region is distinct from null', '(`region` IS DISTINCT FROM CAST(NULL AS STRING))'],
    ['region is not distinct from region', '(NOT (`region` IS DISTINCT FROM `region`))'],
    [
      'qty is distinct from 1.5',
      '((CAST(`qty` AS DOUBLE) = 1.5E0) IS NOT TRUE AND (`qty` IS NOT NULL OR 1.5E0 IS NOT NULL))',
    ],
    ["region like 'US%'", "(`region` LIKE 'US%')"],
    ["region not like 'US!_%' escape '!'", "(NOT (`region` LIKE 'US!_%' ESCAPE '!'))"],
    ["region like '$1''%'", "(`region` LIKE '$1''%')"],
    ["region in ('a', 'b', null)", "(`region` IN ('a', 'b', CAST(NULL AS STRING)))"],
    ['qty in (1, 2.5)', '((`qty` = 1) OR (CAST(`qty` AS DOUBLE) = 2.5E0))'],
    ['qty between 1 and 3', '(`qty` BETWEEN 1 AND 3)'],
    ['qty not between 1 and 3.5', '(NOT ((`qty` >= 1) AND (CAST(`qty` AS DOUBLE) <= 3.5E0)))'],
    ["ts + interval '5' minute", "(`ts` + INTERVAL '5' MINUTE)"],
    ["ts - interval '2' week", "(`ts` - INTERVAL '14' DAY)"],
    ["ts + interval '1500' millisecond", 'TIMESTAMPADD(MILLISECOND, 1500, `ts`)'],
    ["ts - interval '200' day", 'TIMESTAMPADD(MILLISECOND, -17280000000, `ts`)'],
    ["ts + interval '3' month", 'TIMESTAMPADD(MONTH, 3, `ts`)'],
    ["region || '-' || region", "(`region` || CAST('-' AS STRING) || `region`)"],
    ['1 / 0', 'CAST(NULL AS DOUBLE)'],
    ['qty / 2', '(CAST(`qty` AS DOUBLE) / 2E0)'],
    ['total / 2', '(`total` / 2E0)'],
    ['mod(qty, 2)', 'CAST(MOD(`qty`, CAST(2 AS BIGINT)) AS BIGINT)'],
    ['- total', '(- `total`)'],
    ['price + 1', '(`price` + CAST(1 AS DECIMAL(1, 0)))'],
  ])('%s', (text, sql) => {
    expect(sqlOf(text)).toEqual({ ok: true, sql, fails: null })
  })
})

describe('choices', () => {
  it.each([
    [
      "case when active then 'a' end",
      "(CASE WHEN `active` THEN CAST('a' AS STRING) ELSE CAST(NULL AS STRING) END)",
    ],
    [
      "case qty when 1 then 'a' when 2.5 then 'b' else region end",
      "(CASE WHEN (`qty` = 1) THEN CAST('a' AS STRING) WHEN (CAST(`qty` AS DOUBLE) = 2.5E0) THEN CAST('b' AS STRING) ELSE `region` END)",
    ],
    [
      'case when active then qty else total end',
      '(CASE WHEN `active` THEN CAST(`qty` AS DOUBLE) ELSE `total` END)',
    ],
    ['coalesce(price, 0)', 'COALESCE(`price`, CAST(0.00 AS DECIMAL(10, 2)))'],
    ['greatest(price, rate)', 'GREATEST(TRY_CAST(`price` AS DECIMAL(12, 4)), `rate`)'],
  ])('%s', (text, sql) => {
    expect(sqlOf(text)).toEqual({ ok: true, sql, fails: null })
  })
})

describe('casts', () => {
  const BIGINT_TEXT =
    "(CASE WHEN REGEXP(`region`, '^\\s*[+-]?[0-9]+\\s*\\z') THEN TRY_CAST(`region` AS BIGINT) END)"

  it.each([
    ['cast(active as string)', 'LOWER(CAST(`active` AS STRING))'],
    ['cast(qty as double)', 'CAST(`qty` AS DOUBLE)'],
    ['cast(qty as string)', 'CAST(`qty` AS STRING)'],
    ['cast(qty as decimal(3, 1))', 'TRY_CAST(`qty` AS DECIMAL(3, 1))'],
    ['cast(price as decimal(3, 1))', 'TRY_CAST(`price` AS DECIMAL(3, 1))'],
    ['cast(price as string)', 'CAST(`price` AS STRING)'],
    ['cast(ts as string)', "DATE_FORMAT(`ts`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''')"],
    ['try_cast(region as int64)', BIGINT_TEXT],
    [
      'try_cast(region as boolean)',
      "(CASE LOWER(TRIM(`region`)) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)",
    ],
    ["cast('NaN' as double)", "CAST('NaN' AS DOUBLE)"],
    ['cast(region as string)', '`region`'],
  ])('%s', (text, sql) => {
    expect(sqlOf(text)).toEqual({ ok: true, sql, fails: null })
  })

  it('says for which rows a cast fails', () => {
    expect(sqlOf('cast(region as int64)')).toEqual({
      ok: true,
      sql: BIGINT_TEXT,
      fails: `((${BIGINT_TEXT} IS NULL AND \`region\` IS NOT NULL) IS TRUE)`,
    })
    expect(sqlOf('cast(total as int64)')).toMatchObject({
      fails: '((NOT (`total` >= -9223372036854775808E0 AND `total` < 9223372036854775808E0)) IS TRUE)',
    })
  })

  it('refuses a text as a timestamp', () => {
    expect(sqlOf('cast(region as timestamp)')).toMatchObject({ ok: false, reasons: [/parse_timestamp/] })
  })
})

describe('what fails', () => {
  const OVERFLOW = '(`qty` = -9223372036854775808)'

  it.each<[string, string | null]>([
    ['abs(qty)', `(${OVERFLOW} IS TRUE)`],
    ['abs(abs(qty))', `((${OVERFLOW} OR (ABS(\`qty\`) = -9223372036854775808)) IS TRUE)`],
    ['abs(qty) > 1 and active', `(${OVERFLOW} IS TRUE)`],
    ['active and abs(qty) > 1', `((\`active\` IS NOT FALSE AND ${OVERFLOW}) IS TRUE)`],
    ['active or abs(qty) > 1', `((\`active\` IS NOT TRUE AND ${OVERFLOW}) IS TRUE)`],
    ['not abs(qty) > 1', `(${OVERFLOW} IS TRUE)`],
    ['abs(qty) is null', `(${OVERFLOW} IS TRUE)`],
    ['nothing > abs(qty)', `((\`nothing\` IS NOT NULL AND ${OVERFLOW}) IS TRUE)`],
    ['if(active, abs(qty), 1)', `((\`active\` IS TRUE AND ${OVERFLOW}) IS TRUE)`],
    ['if(active, 1, abs(qty))', `((\`active\` IS NOT TRUE AND ${OVERFLOW}) IS TRUE)`],
    ['coalesce(nothing, abs(qty))', `(((\`nothing\` IS NULL) AND ${OVERFLOW}) IS TRUE)`],
    ['concat(region, cast(abs(qty) as string))', `(${OVERFLOW} IS TRUE)`],
    [
      'nothing in (1, abs(qty))',
      `(((\`nothing\` IS NOT NULL AND (\`nothing\` = 1) IS NOT TRUE) AND ${OVERFLOW}) IS TRUE)`,
    ],
    [
      'nothing between 1 and abs(qty)',
      `(((\`nothing\` IS NOT NULL AND (\`nothing\` >= 1) IS NOT FALSE) AND ${OVERFLOW}) IS TRUE)`,
    ],
    ['case when active then 1 else abs(qty) end', `((\`active\` IS NOT TRUE AND ${OVERFLOW}) IS TRUE)`],
    ['case when abs(qty) = 1 then 1 when active then 2 end', `(${OVERFLOW} IS TRUE)`],
    ['case nothing when 1 then abs(qty) end', `(((\`nothing\` = 1) AND ${OVERFLOW}) IS TRUE)`],
    ['tags[abs(qty)]', `(${OVERFLOW} IS TRUE)`],
    ['coalesce(active, active)', null],
  ])('%s', (text, fails) => {
    expect(sqlOf(text)).toMatchObject({ ok: true, fails })
  })
})

describe('what Flink has not', () => {
  it('is named once, wherever it stands', () => {
    expect(sqlOf('bit_and(qty, 1) + bit_or(qty, 2) + crc32(region)')).toEqual({
      ok: false,
      reasons: ['Flink SQL has no operations on bits', 'Flink SQL has no CRC-32'],
    })
  })

  it('is told of a condition too', () => {
    const result = compileCondition("any(tags, t -> t = 'a')", FIELDS)
    expect(result.ok && result.expression.toSql({ eventTime: '' }).ok).toBe(false)
  })
})
