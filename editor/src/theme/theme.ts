import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  Input,
  Modal,
  PasswordInput,
  SegmentedControl,
  Tooltip,
  type VariantColorsResolver,
} from '@mantine/core'
import { perLanguage, t } from '../i18n/t.ts'
import { ACCENT_STEPS, MONO, SANS, tokenVariables } from './tokens.ts'

const px = (value: number) => `${value / 16}rem`

/** Filled and light variants in our own pairs, so that contrast is what the tokens promise. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const isError = input.color === 'err'
  const tone = isError ? 'err' : 'accent'
  const border = (name: string) => `1px solid ${name}`
  switch (input.variant) {
    case 'filled':
      return {
        background: `var(--${tone})`,
        hover: `var(--${isError ? 'err' : 'accent-ink'})`,
        color: 'var(--on-accent)',
        border: border('transparent'),
      }
    case 'light':
      return {
        background: `var(--${tone}-soft)`,
        hover: `var(--${tone}-soft)`,
        color: `var(--${isError ? 'err' : 'accent-ink'})`,
        border: border('transparent'),
      }
    case 'subtle':
      return {
        background: 'transparent',
        hover: 'var(--mute-soft)',
        color: isError ? 'var(--err)' : 'var(--ink2)',
        border: border('transparent'),
      }
    default:
      return defaultVariantColorsResolver(input)
  }
}

/** Mantine in the tokens of Millrace. */
export const themeForLanguage = perLanguage(() =>
  createTheme({
    primaryColor: 'accent',
    colors: { accent: ACCENT_STEPS },
    primaryShade: { light: 7, dark: 3 },
    autoContrast: true,
    defaultRadius: 'sm',
    cursorType: 'pointer',
    respectReducedMotion: true,
    fontFamily: SANS,
    fontFamilyMonospace: MONO,
    fontSizes: { xs: px(11), sm: px(12), md: px(13), lg: px(14), xl: px(20) },
    lineHeights: { xs: '1.4545', sm: '1.3333', md: '1.5385', lg: '1.4286', xl: '1.4' },
    radius: { xs: px(4), sm: px(6), md: px(8), lg: px(8), xl: px(8) },
    spacing: { xs: px(8), sm: px(12), md: px(16), lg: px(20), xl: px(24) },
    headings: {
      fontWeight: '600',
      sizes: {
        h1: { fontSize: px(20), lineHeight: '1.4' },
        h2: { fontSize: px(14), lineHeight: '1.4286' },
        h3: { fontSize: px(13), lineHeight: '1.5385' },
      },
    },
    variantColorResolver,
    components: {
      Tooltip: Tooltip.extend({
        defaultProps: { openDelay: 300, withArrow: false, multiline: true, maw: 320 },
      }),
      Modal: Modal.extend({
        defaultProps: {
          centered: true,
          closeButtonProps: { 'aria-label': t('Close') },
          transitionProps: { duration: 160 },
        },
      }),
      InputWrapper: Input.Wrapper.extend({
        defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
      }),
      PasswordInput: PasswordInput.extend({
        defaultProps: { visibilityToggleButtonProps: { 'aria-label': t('Show or hide what is typed') } },
      }),
      SegmentedControl: SegmentedControl.extend({ defaultProps: { withItemsBorders: false, size: 'sm' } }),
    },
  }),
)

/** Set per scheme, because Mantine sets them there too. */
const mantineFollows = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink3)',
  '--mantine-color-placeholder': 'var(--ink3)',
  '--mantine-color-anchor': 'var(--accent-ink)',
  '--mantine-color-error': 'var(--err)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line2)',
  '--mantine-color-disabled': 'var(--mute-soft)',
  '--mantine-color-disabled-color': 'var(--ink3)',
  '--mantine-color-disabled-border': 'var(--line)',
}

/** Hands the tokens to CSS and makes Mantine's own variables follow them. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...mantineFollows, ...tokenVariables('light') },
  dark: { ...mantineFollows, ...tokenVariables('dark') },
})
