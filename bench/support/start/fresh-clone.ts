import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, stackPlace } from '@millrace/stack'
import type { BenchContext } from '../bench-case.ts'
import { ROOT } from '../bench-servers.ts'

/** A clone of what is committed here, with nothing installed in it. */
export interface FreshClone {
  readonly folder: string
  /** Every port that it may listen on, by variable. */
  readonly ports: Readonly<Record<string, number>>
  /** A user's environment, with these ports, a data folder in the clone's folder and the jar cache of this checkout. */
  readonly env: NodeJS.ProcessEnv
}

const PORT_VARIABLES = [
  'MILLRACE_HTTP_PORT',
  'MILLRACE_KAFKA_PORT',
  'MILLRACE_ES_PORT',
  'MILLRACE_REDIS_PORT',
  'MILLRACE_PG_PORT',
] as const

/** Makes one in a temporary folder; it is gone when the case ends. */
export async function makeFreshClone({ atEnd }: BenchContext): Promise<FreshClone> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-start-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const clone = path.join(folder, 'millrace')
  const git = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone], { encoding: 'utf8' })
  if (git.status !== 0) throw new Error(`the clone could not be made: ${git.stderr}`)
  const ports: Record<string, number> = {}
  for (const variable of PORT_VARIABLES) ports[variable] = await freePort()
  const own = {
    MILLRACE_DATA: path.join(folder, 'data'),
    MILLRACE_CACHE: stackPlace(ROOT).cacheDir,
    ...Object.fromEntries(Object.entries(ports).map(([variable, port]) => [variable, String(port)])),
  }
  return { folder: clone, ports, env: { ...usersEnvironment(), ...own } }
}

/** Without what `npm run` and scripts/run.mjs have added: the clone must find its own programs. */
function usersEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|MILLRACE_)/.test(name) && name !== 'NODE_OPTIONS' && name !== 'INIT_CWD',
  )
  const searchPath = (process.env.PATH ?? '').split(path.delimiter).filter((entry) => !entry.startsWith(ROOT))
  return { ...Object.fromEntries(kept), PATH: searchPath.join(path.delimiter) }
}
