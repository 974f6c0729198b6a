/**
 * The policy by which a Redis drops keys when it is full, out of what it answers to `INFO memory`; null where it drops
 * none, or does not say.
 */
export function evictionPolicyIn(info: string): string | null {
  const policy = settingIn(info, 'maxmemory_policy')
  return policy === 'noeviction' ? null : policy
}

/** A setting in what Redis answers to `INFO`; null where it is missing. */
export function settingIn(info: string, name: string): string | null {
  const line = info.split(/\r?\n/).find((text) => text.startsWith(`${name}:`))
  return line === undefined ? null : line.slice(name.length + 1)
}
