import { SYMBOLS } from './icon-symbols.tsx'

/** The name of a drawn symbol. */
export type IconName = keyof typeof SYMBOLS

/** The symbol with this name, for names that come from data. */
export function isIconName(name: string): name is IconName {
  return Object.hasOwn(SYMBOLS, name)
}

/** Stroke widths by size, so that lines look equally strong. */
const STROKE = { 10: 2, 12: 1.9, 13: 1.8, 14: 1.65, 16: 1.5, 18: 1.5, 20: 1.5, 24: 1.5 } as const

/** What an icon may be told. */
export interface IconProps {
  readonly name: IconName
  readonly size?: keyof typeof STROKE
  readonly className?: string
  /** Only where the icon stands alone: what it means. Else it is hidden from screen readers. */
  readonly label?: string
}

/** A drawn symbol in the colour of the text around it. */
export function Icon({ name, size = 16, className, label }: IconProps) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: hidden from screen readers, or named by aria-label
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={STROKE[size]}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
      style={{ flex: 'none' }}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {SYMBOLS[name]}
    </svg>
  )
}
