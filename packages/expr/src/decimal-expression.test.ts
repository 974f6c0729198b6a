import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import type { SoftErrorCode } from './expression.ts'
import { counted, FIELDS, fails, type Outcome, outcome, ROW, refused } from './testing/outcome.ts'
import { formatType } from './type-text.ts'

/** 99…9 of 38 digits. */
const MOST = 10n ** 38n - 1n
const OVERFLOW = counted('decimal_overflow')

function typeOf(text: string): string {
  const result = compile(text, FIELDS)
  return result.ok ? formatType(result.expression.type) : (result.issues[0]?.message ?? '')
}

describe('decimal literals', () => {
  it.each<[string, string, Outcome]>([
    ["decimal '12.50'", 'decimal(4, 2) not null', 1250],
    ["DECIMAL '-0.5'", 'decimal(1, 1) not null', -5],
    ["decimal '+5'", 'decimal(1, 0) not null', 5],
    ["decimal '.05'", 'decimal(2, 2) not null', 5],
    ["decimal '007'", 'decimal(1, 0) not null', 7],
    ["decimal '0'", 'decimal(1, 0) not null', 0],
    [`decimal '${MOST}'`, 'decimal(38, 0) not null', MOST],
  ])('%s is %s', (text, type, value) => {
    expect(typeOf(text)).toBe(type)
    expect(outcome(text)).toEqual(value)
  })

  it.each([
    "decimal '1e3'",
    "decimal ''",
    "decimal 'x'",
    `decimal '${MOST}0'`,
    "decimal '1 '",
    "decimal '.'",
  ])('%s is refused', (text) => {
    expect(outcome(text)).toEqual(refused('invalid_literal'))
  })

  it('with a point alone are doubles, and next to a decimal decimals of their digits', () => {
    expect(typeOf('1.5')).toBe('double not null')
    expect(typeOf('1.5 + 1')).toBe('double not null')
    expect(typeOf('total * 1.5')).toBe('double')
    expect(typeOf('qty * 1.5')).toBe('double not null')
    expect(typeOf('rate * 1.50')).toBe('decimal(9, 6) not null')
    expect(typeOf('rate * 2')).toBe('decimal(7, 4) not null')
    expect(typeOf('rate * qty')).toBe('decimal(25, 4) not null')
    expect(typeOf('rate * 1e3')).toBe('double not null')
    expect(typeOf('rate * total')).toBe('double')
    expect(typeOf('coalesce(price, 0.005)')).toBe('decimal(11, 3) not null')
    expect(typeOf('if(active, price, 0)')).toBe('decimal(10, 2)')
    expect(typeOf('if(active, price, qty)')).toBe('decimal(21, 2)')
    expect(typeOf('case when active then price else total end')).toBe('double')
    expect(typeOf('greatest(rate, 10.5)')).toBe('decimal(6, 4) not null')
  })
})

describe('types of results', () => {
  it.each([
    ['price + price', 'decimal(11, 2)'],
    ['price + rate', 'decimal(13, 4)'],
    ['price - 1', 'decimal(11, 2)'],
    ['-rate', 'decimal(5, 4) not null'],
    ['price * rate', 'decimal(16, 6)'],
    ['price / rate', 'decimal(20, 8)'],
    ['rate / 3', 'decimal(7, 6)'],
    ['price / qty', 'decimal(30, 22)'],
    ['mod(price, rate)', 'decimal(5, 4)'],
    ['huge + huge', 'decimal(38, 0)'],
    ['huge + rate', 'decimal(38, 4)'],
    ['huge * rate', 'decimal(38, 4)'],
    ['huge / huge', 'decimal(38, 6)'],
    ["decimal '1.0123456789' * decimal '1.01234567890123456789012345'", 'decimal(38, 35)'],
    ['abs(rate)', 'decimal(5, 4) not null'],
    ['ceil(rate)', 'decimal(2, 0) not null'],
    ['floor(huge)', 'decimal(38, 0) not null'],
    ['round(rate)', 'decimal(2, 0) not null'],
    ['round(rate, 2)', 'decimal(6, 4) not null'],
    ['round(huge, -1)', 'decimal(38, 0)'],
    ['sign(rate)', 'decimal(1, 0) not null'],
    ['price > 1', 'boolean'],
    ['rate > 1', 'boolean not null'],
    ['cast(qty as decimal(19, 0))', 'decimal(19, 0) not null'],
    ['cast(qty as decimal(18, 0))', 'decimal(18, 0)'],
    ['cast(rate as decimal(6, 4))', 'decimal(6, 4) not null'],
    ['cast(rate as decimal(4, 3))', 'decimal(4, 3)'],
    ['cast(rate as decimal(5, 3))', 'decimal(5, 3) not null'],
    ['amounts[1]', 'decimal(10, 2)'],
  ])('%s is %s', (text, type) => {
    expect(typeOf(text)).toBe(type)
  })
})

describe('arithmetic with decimals', () => {
  it.each<[string, Outcome]>([
    ['price + price', 2500],
    ['price + rate', 136_900],
    ['price - 20', -750],
    ['1 - price', -1150],
    ['price * 2', 2500],
    ['price * 0.1', 1250],
    ['price * rate', 14_875_000],
    ['price / 3', 4_166_667],
    ['price / -3', -4_166_667],
    ['price / 0', null],
    ['price / 0.0', null],
    ['price + nothing', null],
    ['price + null', null],
    ['mod(price, 5)', 250],
    ['mod(-price, 5)', -250],
    ['mod(price, 0)', null],
    ['-price', -1250],
    ['-(price - price)', 0],
    ['huge + 1', OVERFLOW],
    ['huge + huge', OVERFLOW],
    ['-huge - 1', OVERFLOW],
    ['huge * 10', OVERFLOW],
    ['huge * huge', OVERFLOW],
    ['huge / 0.1', OVERFLOW],
    ['huge * 1', MOST],
    ['coalesce(huge + 1, 7)', 7],
    ['huge + 1 is null', true],
    ['huge + 1 > 0', OVERFLOW],
    ['price * total', 118.75],
    ['price + 1e0', 13.5],
    ['abs(-price)', 1250],
    ['ceil(price)', 13],
    ['ceil(-price)', -12],
    ['floor(price)', 12],
    ['floor(-price)', -13],
    ['floor(price - price)', 0],
    ['round(price)', 13],
    ['round(-price)', -13],
    ['round(rate, 2)', 11_900],
    ['round(rate, 1)', 12_000],
    ['round(rate, 9)', 11_900],
    ['round(rate, -1)', 0],
    ['round(price, -1)', 1000],
    ['round(huge, -1)', OVERFLOW],
    ['round(price, -100)', 0],
    ['round(price, 9223372036854775807)', 1250],
    ['sign(-price)', -1],
    ['sign(price - price)', 0],
    ['greatest(price, 12.505)', 12_505],
    ['least(price, rate, qty)', 11_900],
    ["price || ''", refused('type_mismatch')],
    ["price + 'a'", refused('type_mismatch')],
    ['div(price, 2)', refused('type_mismatch')],
    ['coalesce(huge, 0.5)', refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('counts every part that has too many digits, and goes on where nobody counts', () => {
    const result = compile('coalesce(huge + 1, huge * 10, 1)', FIELDS)
    if (!result.ok) throw new Error('it does not compile')
    const errors: SoftErrorCode[] = []
    const { evaluate } = result.expression
    expect(evaluate(ROW, { time: 0, onSoftError: (code) => errors.push(code) })).toBe(1)
    expect(errors).toEqual(['decimal_overflow', 'decimal_overflow'])
    expect(evaluate(ROW, { time: 0 })).toBe(1)
  })
})

describe('comparison with decimals', () => {
  it.each<[string, Outcome]>([
    ['price = 12.5', true],
    ['price = 12.500000', true],
    ['price = 12.505', false],
    ['price < 12.505', true],
    ['12.495 < price', true],
    ['price > 12', true],
    ['price <> 13', true],
    ['price = total', false],
    ['price > total', true],
    ['price = 125e-1', true],
    ['price in (1, 12.5)', true],
    ['price in (1, 12.505)', false],
    ['price in (1, null)', null],
    ['price in (qty, price)', true],
    ['price between 12.4999 and 12.5', true],
    ['price between qty and 12', false],
    ['price is distinct from 12.50', false],
    ['price is distinct from rate', true],
    ["qty = decimal '3.00'", true],
    ['huge > 9223372036854775807', true],
    ['huge = 99999999999999999999999999999999999999.0', true],
    ['huge = 9999999999999999999999999999999999999.5', false],
    ["decimal '0.1' = 0.1e0", true],
    ["decimal '9007199254740993' = 9007199254740992.0", false],
    ["decimal '9007199254740993' = 9007199254740992e0", true],
    ["case price when 12.5 then 'a' end", 'a'],
    ['nullif(price, 12.50)', null],
    ['array_contains(amounts, 12.5)', true],
    ['array_contains(amounts, 12.505)', null],
    ['array_contains(amounts, -0.05)', true],
    ["price = '12.5'", refused('type_mismatch')],
    ['price = active', refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })
})

describe('casts of decimals', () => {
  it.each<[string, Outcome]>([
    ["cast('12.345' as decimal(4, 2))", 1235],
    ["cast(' -12.345 ' as decimal(4, 2))", -1235],
    ["cast('1.2e1' as decimal(4, 2))", 1200],
    ["cast('99.995' as decimal(4, 2))", OVERFLOW],
    ["cast('100' as decimal(4, 2))", OVERFLOW],
    ["cast('x' as decimal(4, 2))", fails('invalid_cast')],
    ["cast('' as decimal(4, 2))", fails('invalid_cast')],
    ["try_cast('x' as decimal(4, 2))", null],
    ["try_cast('100' as decimal(4, 2))", null],
    ["try_cast('7' as decimal(4, 2))", 700],
    ['cast(qty as decimal(4, 2))', 300],
    ['cast(qty * 100 as decimal(4, 2))', OVERFLOW],
    ['cast(qty * 100 as decimal(2, 0))', OVERFLOW],
    ['cast(qty * 33 as decimal(2, 0))', 99],
    ['cast(9223372036854775807 as decimal(38, 19))', 92_233_720_368_547_758_070_000_000_000_000_000_000n],
    ['cast(1.005 as decimal(4, 2))', 101],
    ['cast(-1.005 as decimal(4, 2))', -101],
    ['cast(1e300 as decimal(38, 0))', OVERFLOW],
    ["cast(cast('NaN' as double) as decimal(4, 2))", fails('invalid_cast')],
    ["cast(cast('Infinity' as double) as decimal(4, 2))", fails('invalid_cast')],
    ["try_cast(cast('NaN' as double) as decimal(4, 2))", null],
    ['cast(price as decimal(10, 1))', 125],
    ['cast(rate as decimal(3, 1))', 12],
    ['cast(price as decimal(10, 4))', 125_000],
    ['cast(price as decimal(3, 2))', OVERFLOW],
    ['cast(huge as decimal(38, 2))', OVERFLOW],
    ['cast(price as int64)', 12],
    ['cast(-price as int64)', -12],
    ['cast(huge as int64)', fails('invalid_cast')],
    ['try_cast(huge as int64)', null],
    ['cast(price as double)', 12.5],
    ['cast(huge as double)', 1e38],
    ['cast(price as string)', '12.50'],
    ['cast(-rate as string)', '-1.1900'],
    ['cast(null as decimal(4, 2))', null],
    ['cast(price as decimal(10, 2))', 1250],
    ['cast(price as boolean)', refused('type_mismatch')],
    ['cast(price as timestamp)', refused('type_mismatch')],
    ['cast(active as decimal(4, 2))', refused('type_mismatch')],
    ['cast(amounts as array<decimal(12, 2)>)', refused('type_mismatch')],
    ['cast(price as decimal)', refused('type_mismatch')],
    ['cast(price as decimal(39, 0))', refused('type_mismatch')],
    ['cast(price as decimal(3, 4))', refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })
})
