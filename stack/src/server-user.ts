import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Command, findOnPath } from './command.ts'
import { StackError } from './stack-error.ts'

/** An account of this machine. */
export interface ServerUser {
  uid: number
  gid: number
}

/**
 * The account for a server that refuses to run as root: `postgres` where it exists, else `nobody`. Undefined when
 * this process is not root and needs no other account.
 *
 * @param accounts text of /etc/passwd
 */
export function serverUser(accounts?: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = (accounts ?? readFileSync('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const account = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody')
  if (!account) {
    throw new StackError(
      'STACK_NO_ACCESS',
      'Postgres refuses to run as root and this machine has no account "postgres" or "nobody": run as an ordinary user.',
    )
  }
  return { uid: Number(account[2]), gid: Number(account[3]) }
}

/**
 * The same command as another user. Where that user may not enter one of the folders that lead to `paths` (a
 * clone under /root, say), it keeps the one of root's capabilities that lets it look through folders.
 *
 * @throws StackError `STACK_NO_ACCESS` when it may not enter and cannot be given the capability
 */
export function asUser(command: Command, user: ServerUser | undefined, paths: readonly string[]): Command {
  if (!user) return command
  const closed = paths.flatMap(foldersAbove).find((folder) => !mayEnter(folder, user))
  if (closed === undefined) return { ...command, user }
  const setpriv = findOnPath('setpriv')
  const capability = passingCapability(readFileSync('/proc/self/status', 'utf8'))
  if (!setpriv || !capability) {
    throw new StackError(
      'STACK_NO_ACCESS',
      `Postgres refuses to run as root, and its user may not enter ${closed}: move the clone (or MILLRACE_DATA) to a folder that everyone may enter.`,
    )
  }
  // Postgres asks access(2) about its own files, which counts capabilities only with this secure bit. What root had
  // besides is gone all the same once the program runs.
  const capabilities = [
    '--securebits=+no_setuid_fixup',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
  ]
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  return { ...command, file: setpriv, args: [...identity, ...capabilities, command.file, ...command.args] }
}

/** By bit number, the narrower one first; containers often have only the second. */
const passingCapabilities = [
  { bit: 2n, name: 'dac_read_search' },
  { bit: 1n, name: 'dac_override' },
]

/**
 * The narrowest capability of this process that passes closed folders.
 *
 * @param status text of /proc/self/status
 */
export function passingCapability(status: string): string | undefined {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`)
  return passingCapabilities.find(({ bit }) => (effective >> bit) & 1n)?.name
}

function foldersAbove(file: string): string[] {
  const parent = path.dirname(file)
  return parent === file ? [] : [...foldersAbove(parent), parent]
}

function mayEnter(folder: string, user: ServerUser): boolean {
  const { mode, uid, gid } = statSync(folder)
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
  return ((mode >> shift) & 1) === 1
}
