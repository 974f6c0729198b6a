import { describe, expect, test } from 'vitest'
import { COLOURS, contrastStyle, HIGH_CONTRAST } from './tokens.ts'

type Name = keyof typeof COLOURS
const SCHEMES = [
  ['light', 0],
  ['dark', 1],
] as const

/** Text and what it stands on. */
const TEXT_PAIRS: readonly (readonly [text: Name, ground: Name])[] = [
  ...(['ink', 'ink2', 'ink3'] as const).flatMap((text) =>
    (['bg', 'surface', 'raised', 'sunken', 'canvas', 'mute-soft'] as const).map(
      (ground) => [text, ground] as const,
    ),
  ),
  ...(['ok', 'warn', 'err'] as const).flatMap((tone) => [
    [tone, 'surface'] as const,
    [tone, 'raised'] as const,
    [tone, `${tone}-soft`] as const,
  ]),
  ['accent-ink', 'surface'],
  ['accent-ink', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-solid', 'solid'],
  ['code-k', 'sunken'],
  ['code-s', 'sunken'],
  ['code-n', 'sunken'],
]

type Colour = readonly [red: number, green: number, blue: number]

function linear(hex: string): Colour {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function luminance([red, green, blue]: Colour): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** WCAG 2.2, relative luminance contrast. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

/**
 * How colours are seen without one kind of cones, as matrices over linear RGB.
 * Source: G. Machado et al., "A physiologically-based model for simulation of color vision deficiency", 2009.
 */
const DEFICIENCIES: { readonly [name: string]: readonly (readonly [number, number, number])[] } = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** The distance of two colours in Oklab. Source: B. Ottosson, "A perceptual color space for image processing", 2020. */
function distance(a: Colour, b: Colour): number {
  const [p, q] = [oklab(a), oklab(b)]
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])
}

function oklab([red, green, blue]: Colour): Colour {
  const root = (value: number) => Math.cbrt(Math.max(0, value))
  const l = root(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = root(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = root(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function seen(hex: string, matrix: readonly (readonly [number, number, number])[]): Colour {
  const colour = linear(hex)
  const channels = matrix.map((row) => row.reduce((sum, factor, i) => sum + factor * (colour[i] ?? 0), 0))
  return channels as unknown as Colour
}

describe.each(SCHEMES)('the %s theme', (_name, column) => {
  test.each(TEXT_PAIRS)('%s on %s can be read: contrast of at least 4.5', (text, ground) => {
    expect(contrast(COLOURS[text][column], COLOURS[ground][column])).toBeGreaterThanOrEqual(4.5)
  })

  test.each(['surface', 'canvas'] as const)(
    'borders of fields and edges stand out on %s: at least 3',
    (ground) => {
      expect(contrast(COLOURS.field[column], COLOURS[ground][column])).toBeGreaterThanOrEqual(3)
    },
  )

  test.each(Object.entries(DEFICIENCIES))(
    'with %s good, warning and error still look different',
    (_kind, matrix) => {
      const [ok, warn, err] = (['ok', 'warn', 'err'] as const).map((tone) =>
        seen(COLOURS[tone][column], matrix),
      )
      if (!ok || !warn || !err) throw new Error('no colours')
      // About 0.02 is the smallest difference that is seen side by side; shape and word tell the rest.
      for (const [a, b] of [
        [ok, warn],
        [ok, err],
        [warn, err],
      ] as const)
        expect(distance(a, b)).toBeGreaterThan(0.02)
    },
  )
})

describe.each(SCHEMES)('the %s theme with high contrast', (_name, column) => {
  const colours = { ...COLOURS, ...HIGH_CONTRAST }

  test.each(TEXT_PAIRS)('%s on %s can be read: contrast of at least 7', (text, ground) => {
    expect(contrast(colours[text][column], colours[ground][column])).toBeGreaterThanOrEqual(7)
  })

  test.each(['line', 'line2', 'field', 'accent'] as const)('%s stands out: at least 4.5', (line) => {
    for (const ground of ['surface', 'canvas', 'raised'] as const)
      expect(contrast(colours[line][column], colours[ground][column])).toBeGreaterThanOrEqual(4.5)
  })
})

test('the style sheet of high contrast names both schemes and nothing else', () => {
  const selectors = contrastStyle()
    .split('\n')
    .map((rule) => rule.slice(0, rule.indexOf('{')))
  expect(selectors).toEqual(
    ['light', 'dark'].map(
      (scheme) => `html:root[data-contrast="more"][data-mantine-color-scheme="${scheme}"]`,
    ),
  )
})
