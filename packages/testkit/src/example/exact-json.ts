/** TypeScript's library does not know it yet: the text of a number stands as it is in JSON. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object }

/** JSON text in which bigints keep all their digits. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? rawJSON(String(member)) : member,
  )
}

/** JSON as values in which whole numbers are plain numbers: for configs, which hold no others. */
export function plainJson(value: unknown): unknown {
  return JSON.parse(exactJson(value))
}
