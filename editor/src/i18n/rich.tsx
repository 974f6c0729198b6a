import { Fragment, type ReactNode } from 'react'
import { partsOf, textOf, type ValuesFor } from './t.ts'

/** Like `t`, for texts with elements in them: `rich('Press {key}.', { key: <kbd>A</kbd> })`. */
export function rich<const S extends string>(
  text: string extends S ? never : S,
  ...[values]: ValuesFor<S, ReactNode>
): ReactNode {
  const given: { readonly [name: string]: ReactNode } = values ?? {}
  return partsOf(textOf(text)).map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text stay where they are
    <Fragment key={i}>{typeof part === 'string' ? part : given[part.name]}</Fragment>
  ))
}
