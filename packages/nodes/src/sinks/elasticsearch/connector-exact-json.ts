import { Serializer } from '@elastic/elasticsearch'

/** A number that a double may not hold exactly has at least this many digits. */
const LONG_NUMBER = /\d{16}/

const WHOLE = /^-?\d+$/

/** TypeScript's library does not know them yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object }
type Revive = (key: string, value: unknown, context: { readonly source?: string }) => unknown

/** Reads whole numbers beyond 2^53 as bigints: versions and int64 fields are exact. */
export class ExactSerializer extends Serializer {
  override deserialize(json: string): never {
    if (!LONG_NUMBER.test(json)) return super.deserialize(json) as never
    const exact: Revive = (_, value, { source = '' }) =>
      typeof value === 'number' && !Number.isSafeInteger(value) && WHOLE.test(source) ? BigInt(source) : value
    return JSON.parse(json, exact as Parameters<typeof JSON.parse>[1]) as never
  }
}

/** The JSON text of what `ExactSerializer` has read. */
export function exactText(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? rawJSON(String(member)) : member,
  )
}
