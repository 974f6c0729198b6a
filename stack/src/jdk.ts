import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { StackError } from './stack-error.ts'

/** Elasticsearch 9 is compiled for this version of Java. */
export const minimumJavaVersion = 21

/** Which versions of Java will do, and what for. */
export interface JavaVersions {
  minimum: number
  /** Absent: any newer one. */
  maximum?: number
  /** For people. */
  neededFor: string
}

const servers: JavaVersions = { minimum: minimumJavaVersion, neededFor: 'Kafka and Elasticsearch' }

const jdkFolders = ['/usr/lib/jvm', '/opt/java', '/Library/Java/JavaVirtualMachines']

/** A Java development kit found on this machine. */
export interface Jdk {
  home: string
  /** Major version, such as 25. */
  version: number
}

/**
 * Finds the JDK to run servers with: JAVA_HOME when its version will do, else the newest one in the usual folders
 * that does.
 *
 * @param folders where JDKs are installed, one folder each
 * @param versions those for Kafka and Elasticsearch unless given
 * @throws StackError `STACK_JDK_MISSING`
 */
export function findJdk(
  env: NodeJS.ProcessEnv = process.env,
  folders: readonly string[] = jdkFolders,
  versions: JavaVersions = servers,
): Jdk {
  const { minimum, maximum = Number.POSITIVE_INFINITY, neededFor } = versions
  const willDo = ({ version }: Jdk) => version >= minimum && version <= maximum
  const chosen = env.JAVA_HOME ? readJdk(env.JAVA_HOME) : undefined
  if (chosen && willDo(chosen)) return chosen
  const newest = folders
    .flatMap(installedJdks)
    .filter(willDo)
    .sort((a, b) => b.version - a.version)[0]
  if (newest) return newest
  const wanted = Number.isFinite(maximum) ? `${minimum} to ${maximum}` : `${minimum} or newer`
  throw new StackError(
    'STACK_JDK_MISSING',
    `A Java development kit ${wanted} is needed for ${neededFor} (looked at JAVA_HOME and ${folders.join(', ')}): install one and set JAVA_HOME to it.`,
  )
}

function installedJdks(folder: string): Jdk[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap((entry) => [path.join(folder, entry), path.join(folder, entry, 'Contents', 'Home')])
    .map(readJdk)
    .filter((jdk) => jdk !== undefined)
}

/** A JDK states its version in its `release` file; a runtime without the compiler is no JDK. */
function readJdk(home: string): Jdk | undefined {
  const release = path.join(home, 'release')
  if (!existsSync(release) || !existsSync(path.join(home, 'bin', 'javac'))) return undefined
  const version = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(readFileSync(release, 'utf8'))?.[1]
  return version === undefined ? undefined : { home, version: Number(version) }
}
