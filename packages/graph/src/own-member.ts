/**
 * The own member with this name, or undefined. Names come from user data, so inherited members such as
 * `constructor` must never be found.
 */
export function ownMember<T>(record: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** The same record with one member set, also where the name is `__proto__`. */
export function withMember<T>(
  record: { readonly [name: string]: T },
  name: string,
  value: T,
): { readonly [name: string]: T } {
  return { ...record, [name]: value }
}

/** The same record without one member. */
export function withoutMember<T>(
  record: { readonly [name: string]: T },
  name: string,
): { readonly [name: string]: T } {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))
}
