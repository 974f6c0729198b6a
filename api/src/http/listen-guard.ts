import { type Config, EnvironmentError, isLoopback } from '../environment.ts'

/**
 * Refuses to listen where others could reach an installation that is not ready for them: without TLS, or before
 * anybody has set a password.
 *
 * @param hasPassword asked only where it matters
 * @throws EnvironmentError
 */
export async function requireSafeAddress(config: Config, hasPassword: () => Promise<boolean>): Promise<void> {
  if (isLoopback(config.host) || config.publishedOnLoopback) return
  const problems = [
    ...(config.allowRemote
      ? []
      : [
          `MILLRACE_HTTP_HOST is ${config.host}, which others can reach: set MILLRACE_ALLOW_REMOTE=1 to allow that.`,
        ]),
    ...(hasTls(config)
      ? []
      : [
          'Other addresses than loopback need TLS: set MILLRACE_TLS_CERT and MILLRACE_TLS_KEY, or, behind a proxy that terminates TLS, MILLRACE_TRUST_PROXY and an https MILLRACE_PUBLIC_URL.',
        ]),
    ...((await hasPassword())
      ? []
      : [
          'Nobody has set a password yet: start on 127.0.0.1, sign in with "node api/src/cli.ts sign-in-link", set one.',
        ]),
  ]
  if (problems.length > 0) throw new EnvironmentError(problems)
}

function hasTls({ tls, trustedProxies, publicUrl }: Config): boolean {
  return tls !== null || (trustedProxies.length > 0 && (publicUrl?.startsWith('https:') ?? false))
}
