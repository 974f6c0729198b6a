import { Fragment } from 'react'
import { t } from '../i18n/t.ts'
import styles from './json-text.module.css'

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g
const MAX_LENGTH = 20_000

/** JSON with line breaks, its parts in colour. What is no JSON is shown as it is. Long texts are cut, and say so. */
export function JsonText({ text }: { readonly text: string }) {
  const pretty = prettyJson(text)
  const shown = pretty.slice(0, MAX_LENGTH)
  return (
    <pre className={styles.json}>
      {[...pieces(shown)].map(([piece, kind], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
        <Fragment key={i}>{kind === null ? piece : <span className={styles[kind]}>{piece}</span>}</Fragment>
      ))}
      {shown.length < pretty.length &&
        `
${t('… {pretty} more characters', { pretty: pretty.length - shown.length })}`}
    </pre>
  )
}

/**
 * JSON text with line breaks and digits as they were. `JSON.parse` would round large whole numbers, so the text itself is
 * spaced out; what is no JSON comes back unchanged.
 */
export function prettyJson(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    return text
  }
  return spaceOut(text)
}

const STRING_OR_SIGN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

function spaceOut(text: string): string {
  const tokens = text.match(STRING_OR_SIGN) ?? []
  let out = ''
  let depth = 0
  tokens.forEach((token, i) => {
    const isEmptyPair = /^[{[]$/.test(tokens[i - 1] ?? '') && /^[}\]]$/.test(token)
    if (/^[}\]]$/.test(token)) {
      depth--
      out += isEmptyPair ? token : `\n${'  '.repeat(depth)}${token}`
      return
    }
    if (/^[{[]$/.test(tokens[i - 1] ?? '')) out += `\n${'  '.repeat(depth)}`
    out += token
    if (token === ',') out += `\n${'  '.repeat(depth)}`
    if (token === ':') out += ' '
    if (/^[{[]$/.test(token)) depth++
  })
  return out
}

type Kind = 'key' | 'string' | 'number' | 'word'

function* pieces(text: string): Generator<readonly [string, Kind | null]> {
  let from = 0
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > from) yield [text.slice(from, match.index), null]
    const [whole, string, colon] = match
    if (string !== undefined) yield [string, colon === undefined ? 'string' : 'key']
    else yield [whole, /^[tfn]/.test(whole) ? 'word' : 'number']
    if (colon !== undefined) yield [colon, null]
    from = match.index + whole.length
  }
  if (from < text.length) yield [text.slice(from), null]
}
