import { inject } from 'vitest'

/** Addresses of the real servers that run while integration tests do (tests/setup/servers.ts). */
export interface TestServers {
  /** `host:port` */
  readonly kafka: string
  /** URL */
  readonly elasticsearch: string
}

/** The real servers. */
export function servers(): TestServers {
  return inject('servers' as never)
}
