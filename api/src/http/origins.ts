import type { Config } from '../environment.ts'
import { isLoopback } from '../environment.ts'

/** Under which addresses the editor's pages are served. */
export interface Origins {
  /** True where browsers reach us over TLS. */
  readonly isTls: boolean
  includes(origin: string): boolean
  list(): readonly string[]
  /** The address to show to people. */
  main(): string
}

/**
 * The origins of our own pages: the public address where one is set, else loopback under its names.
 *
 * @param port the port that is listened on; asked for when needed, since port 0 becomes another one
 */
export function ownOrigins(config: Config, port: () => number): Origins {
  const scheme = config.tls ? 'https' : 'http'
  const hosts = isLoopback(config.host) ? [] : [bracketed(config.host)]
  const list = () => {
    if (config.publicUrl !== null) return [config.publicUrl]
    return ['127.0.0.1', 'localhost', '[::1]', ...hosts].map((host) => `${scheme}://${host}:${port()}`)
  }
  return {
    isTls: config.tls !== null || (config.publicUrl?.startsWith('https:') ?? false),
    includes: (origin) => list().includes(origin),
    list,
    main: () => list()[0] as string,
  }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
