/** What stands in place of a sensitive value. */
export const MASK = '•••'

/** Why a value is not shown: there is nothing by which its sensitive members could be found. */
export const UNMASKABLE =
  'Not shown: it is no JSON object, so its sensitive fields cannot be told from the others.'

/** A record as it may be shown. */
export interface MaskedRecord {
  readonly key: string | null
  readonly value: string | null
}

/**
 * Masks the members of a JSON object that are named, in its value and where the key repeats one of them. A value that is
 * no JSON object is not shown at all. Texts pass as they are where nothing is named.
 */
export function maskRecord({ key, value }: MaskedRecord, sensitive: ReadonlySet<string>): MaskedRecord {
  if (sensitive.size === 0 || value === null)
    return { key: sensitive.size > 0 && key !== null ? MASK : key, value }
  const json = objectOf(value)
  if (json === null) return { key: key === null ? null : MASK, value: UNMASKABLE }
  const hidden = Object.entries(json).filter(([name]) => sensitive.has(name))
  const texts = hidden.map(([, member]) => (typeof member === 'string' ? member : JSON.stringify(member)))
  const shown = Object.entries(json).map(
    ([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(sensitive.has(name) ? MASK : member)}`,
  )
  const isRepeated = key !== null && texts.some((text) => text !== '' && key.includes(text))
  return { key: isRepeated ? MASK : key, value: `{${shown.join(',')}}` }
}

function objectOf(text: string): object | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : null
  } catch {
    return null
  }
}
