import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { findOnPath, runCommand } from './command.ts'
import { withFileLock } from './file-lock.mjs'
import type { Jdk } from './jdk.ts'
import { StackError } from './stack-error.ts'

/** Folder of the files that are not TypeScript: Maven projects and the Elasticsearch launcher. */
export const javaFolder = path.join(import.meta.dirname, '..', 'java')

/** A server whose jars come from Maven. */
export interface JarSet {
  name: string
  version: string
  /** Files of `javaFolder` that decide the content: the Maven project first. A change gives a new cache entry. */
  sources: readonly string[]
  /** Lays out what the server needs, from the jars in `jars`, in the empty folder `target`. */
  arrange(jars: string, target: string, signal?: AbortSignal): Promise<void>
}

/** What filling the cache needs. */
export interface JarCacheOptions {
  /** The shared cache; many checkouts and processes may use it at once. */
  cacheDir: string
  jdk: Jdk
  /** Called before jars are fetched, once. */
  onFetch?: () => void
  signal?: AbortSignal
}

/**
 * Folder of the cache that holds the arranged jars of a server; fetches them with Maven when it is not there yet.
 * An entry appears whole or not at all, and only one process at a time fills the cache: Maven's own repository
 * is not safe for two.
 *
 * @throws StackError `STACK_MAVEN_MISSING` | `STACK_COMMAND_FAILED`
 */
export async function ensureJars(jars: JarSet, options: JarCacheOptions): Promise<string> {
  const entry = path.join(options.cacheDir, `${jars.name}-${jars.version}-${await contentKey(jars)}`)
  if (existsSync(entry)) return entry
  await mkdir(options.cacheDir, { recursive: true })
  const lock = path.join(options.cacheDir, 'maven.lock')
  await withFileLock(lock, () => (existsSync(entry) ? undefined : fill(jars, entry, options)), {
    signal: options.signal,
  })
  return entry
}

async function contentKey(jars: JarSet): Promise<string> {
  const hash = createHash('sha256')
  for (const file of jars.sources) hash.update(await readFile(path.join(javaFolder, file)))
  return hash.digest('hex').slice(0, 8)
}

async function fill(jars: JarSet, entry: string, options: JarCacheOptions): Promise<void> {
  options.onFetch?.()
  const work = path.join(options.cacheDir, '.filling')
  // Left behind by a process that was killed; the lock keeps it from being another's work in progress.
  await rm(work, { recursive: true, force: true })
  try {
    await copyDependencies(jars, path.join(work, 'jars'), options)
    const target = path.join(work, 'target')
    await mkdir(target, { recursive: true })
    await jars.arrange(path.join(work, 'jars'), target, options.signal)
    await rename(target, entry)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function copyDependencies(jars: JarSet, target: string, options: JarCacheOptions): Promise<void> {
  const maven = findOnPath('mvn')
  if (!maven) {
    throw new StackError(
      'STACK_MAVEN_MISSING',
      `Maven (mvn) is needed to fetch the ${jars.name} server: install it, for example with "apt-get install maven".`,
    )
  }
  const project = path.join(javaFolder, jars.sources[0] ?? '')
  const args = [
    '-q',
    '-B',
    '-C',
    '-f',
    project,
    `-Dserver.version=${jars.version}`,
    'dependency:copy-dependencies',
  ]
  const env = { JAVA_HOME: options.jdk.home }
  const problem = `Maven could not fetch ${jars.name} ${jars.version}: check the network and the settings of Maven, then try again.`
  await runCommand(
    { file: maven, args: [...args, '-DincludeScope=runtime', `-DoutputDirectory=${target}`], env },
    problem,
    options.signal,
  )
}
