/**
 * The colours of Millrace, light and dark, by the name of their CSS variable. Text pairs have a contrast of at least
 * 4.5:1 on every surface they stand on; field borders and edges at least 3:1.
 */
// biome-ignore format: one token a row
export const COLOURS = {
  bg:            ['#f6f7f9', '#0e1014'],
  surface:       ['#ffffff', '#15181e'],
  raised:        ['#ffffff', '#1b1f27'],
  sunken:        ['#f1f3f6', '#101318'],
  canvas:        ['#f3f4f7', '#101318'],
  grid:          ['#d5dae2', '#2a303a'],
  line:          ['#e2e6ec', '#272c36'],
  line2:         ['#c5ccd6', '#414958'],
  field:         ['#828b99', '#6b7688'],
  ink:           ['#161a22', '#e9ebf0'],
  ink2:          ['#48515f', '#b6bdc9'],
  ink3:          ['#646d7b', '#8d96a5'],
  accent:        ['#3d55d4', '#93a5ff'],
  'accent-ink':  ['#3148c4', '#a9b7ff'],
  'on-accent':   ['#ffffff', '#0d1230'],
  'accent-soft': ['#eceffd', '#1f2647'],
  'accent-line': ['#b9c4f5', '#43508f'],
  flow:          ['#7081db', '#6575c9'],
  ok:            ['#0a7760', '#46cfab'],
  'ok-soft':     ['#e3f4ef', '#11302a'],
  warn:          ['#8f5400', '#f0b355'],
  'warn-soft':   ['#fdf1dc', '#352711'],
  'warn-line':   ['#e9b765', '#7d5a1c'],
  err:           ['#b0204c', '#ff859f'],
  'err-soft':    ['#fce9ee', '#3b1822'],
  'err-line':    ['#e49bb0', '#863a4d'],
  'mute-soft':   ['#eef0f3', '#21262f'],
  solid:         ['#262c38', '#dfe3ea'],
  'on-solid':    ['#ffffff', '#161a22'],
  'code-k':      ['#8a2f8f', '#e3a0e6'],
  'code-s':      ['#0a7760', '#6bd6b8'],
  'code-n':      ['#8f5400', '#f0b355'],
} as const satisfies { readonly [name: string]: readonly [light: string, dark: string] }

/**
 * What is other with high contrast: text pairs have at least 7:1, lines that something depends on at least 4.5:1, and
 * soft grounds are plain.
 */
// biome-ignore format: one token a row
export const HIGH_CONTRAST = {
  bg:            ['#ffffff', '#000000'],
  surface:       ['#ffffff', '#000000'],
  raised:        ['#ffffff', '#0b0d11'],
  sunken:        ['#ffffff', '#000000'],
  canvas:        ['#ffffff', '#000000'],
  line:          ['#5b6472', '#8d96a5'],
  line2:         ['#3b434f', '#b6bdc9'],
  field:         ['#3b434f', '#b6bdc9'],
  ink:           ['#000000', '#ffffff'],
  ink2:          ['#161a22', '#f4f6fa'],
  ink3:          ['#333b47', '#d3d9e3'],
  accent:        ['#2033a0', '#b9c4f5'],
  'accent-ink':  ['#2033a0', '#cdd5ff'],
  'accent-soft': ['#ffffff', '#000000'],
  'accent-line': ['#2033a0', '#b9c4f5'],
  flow:          ['#2033a0', '#b9c4f5'],
  ok:            ['#055040', '#7fe8c9'],
  'ok-soft':     ['#ffffff', '#000000'],
  warn:          ['#5c3600', '#ffcf85'],
  'warn-soft':   ['#ffffff', '#000000'],
  'warn-line':   ['#5c3600', '#ffcf85'],
  err:           ['#850d34', '#ffb3c2'],
  'err-soft':    ['#ffffff', '#000000'],
  'err-line':    ['#850d34', '#ffb3c2'],
  'mute-soft':   ['#ffffff', '#000000'],
  'code-k':      ['#6a1a6f', '#f0bff2'],
  'code-s':      ['#055040', '#8fe6cb'],
  'code-n':      ['#5c3600', '#ffcf85'],
} as const satisfies { readonly [name in keyof typeof COLOURS]?: readonly [light: string, dark: string] }

/** Shadows, light and dark: cards at rest, and what floats. */
export const SHADOWS = {
  sh1: ['0 1px 2px rgba(18, 24, 40, 0.06)', '0 1px 2px rgba(0, 0, 0, 0.4)'],
  sh2: [
    '0 1px 2px rgba(18, 24, 40, 0.06), 0 6px 20px rgba(18, 24, 40, 0.09)',
    '0 1px 2px rgba(0, 0, 0, 0.4), 0 8px 24px rgba(0, 0, 0, 0.45)',
  ],
} as const satisfies { readonly [name: string]: readonly [light: string, dark: string] }

/** The accent in ten steps: light themes use step 7, dark ones step 3. */
export const ACCENT_STEPS = [
  '#eceffd',
  '#d5dcfb',
  '#b9c4f5',
  '#93a5ff',
  '#7f92f0',
  '#6a7de6',
  '#5066dc',
  '#3d55d4',
  '#3148c4',
  '#2537a3',
] as const

export const SANS = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, system-ui, sans-serif'
export const MONO = 'SFMono-Regular, Menlo, Consolas, "Liberation Mono", ui-monospace, monospace'

/** The tokens of one scheme as CSS variables. */
export function tokenVariables(scheme: 'light' | 'dark'): Record<string, string> {
  const column = scheme === 'light' ? 0 : 1
  const rows = [...Object.entries(COLOURS), ...Object.entries(SHADOWS)]
  return Object.fromEntries(rows.map(([name, values]) => [`--${name}`, values[column]]))
}

/** The style sheet of high contrast: it holds where the document says `data-contrast="more"`. */
export function contrastStyle(): string {
  return (['light', 'dark'] as const)
    .map((scheme, column) => {
      const rows = Object.entries(HIGH_CONTRAST).map(([name, values]) => `--${name}:${values[column]}`)
      return `html:root[data-contrast="more"][data-mantine-color-scheme="${scheme}"]{${rows.join(';')}}`
    })
    .join('\n')
}
