import { useState } from 'react'

/** A number as it is typed: what is no number yet stays in the field and goes no further. */
export interface TypedNumber {
  readonly text: string | number
  type(next: string | number): void
}

/**
 * Keeps what is typed into a number field beside the value that it stands for. `value` null is an empty field;
 * `commit(null)` is called for an emptied field where `mayBeEmpty`.
 */
export function useTypedNumber(
  value: number | null,
  commit: (value: number | null) => void,
  mayBeEmpty: boolean,
): TypedNumber {
  const [typed, setTyped] = useState<{
    readonly text: string | number
    readonly meant: number | null
  } | null>(null)
  const isCurrent = typed !== null && typed.meant === value
  return {
    text: isCurrent ? typed.text : (value ?? ''),
    type(text) {
      const number = readNumber(text)
      const meant = number ?? (text === '' && mayBeEmpty ? null : value)
      setTyped({ text, meant })
      if (meant !== value) commit(meant)
    },
  }
}

function readNumber(text: string | number): number | null {
  if (typeof text === 'string' && text.trim() === '') return null
  const number = Number(text)
  return Number.isFinite(number) ? number : null
}
