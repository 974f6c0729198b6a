import { decodeUtf8 } from './utf8.ts'

/** A text as a form sends it: a space as `+`, all but letters, digits and `*-._` as UTF-8 in percent signs. */
export function encodeForm(text: string): string {
  return encodeURIComponent(text).replaceAll(/%20|[!'()~]/g, (part) =>
    part === '%20' ? '+' : `%${part.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const ESCAPED = /(?:%[0-9a-fA-F]{2})+/g
const STRAY = /%(?![0-9a-fA-F]{2})/

/** The text that `encodeForm` would encode so; null where a percent sign has not two digits. Bytes that are no UTF-8 become U+FFFD. */
export function decodeForm(text: string): string | null {
  if (STRAY.test(text)) return null
  return text.replaceAll('+', ' ').replaceAll(ESCAPED, (escaped) => {
    const bytes = Uint8Array.from(escaped.slice(1).split('%'), (pair) => Number.parseInt(pair, 16))
    return decodeUtf8(bytes)
  })
}

/** Parts of an address, by the names that `parse_url` takes. */
export const URL_PARTS = ['protocol', 'host', 'path', 'query', 'fragment'] as const

/** One of them. */
export type UrlPart = (typeof URL_PARTS)[number]

/** RFC 3986, appendix B, with the authority cut into user, host and port, for addresses of the web only. */
const WEB_ADDRESS =
  /^(?<protocol>https?):\/\/(?:[^/?#@]*@)?(?<host>\[[0-9a-fA-F:.]+\]|[^/?#:[\]@]*)(?::\d*)?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?$/is

/** A part of an http or https address as it is written; null where it has none or the text is no such address. */
export function urlPart(address: string, part: UrlPart): string | null {
  const groups = WEB_ADDRESS.exec(address)?.groups
  if (groups === undefined) return null
  if (part === 'path') return groups.path ?? ''
  return groups[part] ?? null
}

/** The decoded value of the first query parameter of a name in an address; null where there is none. */
export function urlParameter(address: string, name: string): string | null {
  const query = urlPart(address, 'query') ?? ''
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=')
    if (at !== -1 && pair.slice(0, at) === name) return decodeForm(pair.slice(at + 1))
  }
  return null
}
