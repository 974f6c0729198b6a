import { findOnPath, isExecutable, runCommand } from './command.ts'
import { StackError } from './stack-error.ts'

/** A program that comes from the system's packages. */
interface SystemProgram {
  /** Name for people. */
  label: string
  /** Names under which the program may be found on PATH. */
  executables: readonly string[]
  /** Debian package that brings it. */
  aptPackage: string
}

/** How an installation reports and is cut short. */
export interface InstallOptions {
  /** Called before anything is installed. */
  installing?: () => void
  signal?: AbortSignal
}

const redisServer = { label: 'Redis', executables: ['redis-server'], aptPackage: 'redis-server' }
const chromium = { label: 'Chromium', executables: ['chromium', 'chromium-browser'], aptPackage: 'chromium' }

/**
 * Path of redis-server; it is installed with apt where that is possible.
 *
 * @throws StackError `STACK_PROGRAM_MISSING` | `STACK_COMMAND_FAILED`
 */
export function ensureRedisServer(options: InstallOptions = {}): Promise<string> {
  return ensureProgram(redisServer, options)
}

/**
 * Path of Chromium for browser tests: CHROMIUM_PATH, else from PATH; it is installed with apt where that is possible.
 *
 * @throws StackError `STACK_PROGRAM_MISSING` | `STACK_COMMAND_FAILED`
 */
export async function ensureChromium(options: InstallOptions = {}): Promise<string> {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen === undefined || chosen === '') return await ensureProgram(chromium, options)
  if (isExecutable(chosen)) return chosen
  throw new StackError('STACK_BAD_SETTING', `CHROMIUM_PATH names no executable file: correct or unset it.`)
}

async function ensureProgram(program: SystemProgram, options: InstallOptions): Promise<string> {
  const found = locate(program)
  if (found) return found
  if (!mayInstall()) throw missing(program)
  options.installing?.()
  await aptInstall(program, options.signal)
  const installed = locate(program)
  if (installed) return installed
  throw missing(program)
}

function locate(program: SystemProgram): string | undefined {
  return program.executables.map((name) => findOnPath(name)).find((file) => file !== undefined)
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && findOnPath('apt-get') !== undefined
}

function missing(program: SystemProgram): StackError {
  return new StackError(
    'STACK_PROGRAM_MISSING',
    `${program.label} is missing and can be installed from here only by root on Debian or Ubuntu: install the package ${program.aptPackage}, for example with "sudo apt-get install ${program.aptPackage}".`,
  )
}

async function aptInstall(program: SystemProgram, signal?: AbortSignal): Promise<void> {
  const problem = `${program.label} could not be installed: install the package ${program.aptPackage} by hand.`
  const env = { DEBIAN_FRONTEND: 'noninteractive', ...withoutService }
  const apt = (...args: string[]) =>
    runCommand(
      { file: 'apt-get', args: ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], env },
      problem,
      signal,
    )
  await apt('update')
  await apt('install', '-y', '--no-install-recommends', program.aptPackage)
}

// The package would start a Redis of its own on port 6379: single-user run level and offline systemd prevent it.
const withoutService = { RUNLEVEL: '1', SYSTEMD_OFFLINE: '1' }
