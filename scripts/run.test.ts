import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const repository = path.join(import.meta.dirname, '..')
const files = ['scripts/run.mjs', 'stack/src/file-lock.mjs', 'stack/src/process-identity.mjs']

const manifest = { name: 'checkout', version: '1.0.0', workspaces: ['part'] }

let root: string

/** A checkout of its own with one workspace and no packages, so that installing takes a moment and no network. */
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'millrace-run-'))
  await mkdir(path.join(root, 'scripts'), { recursive: true })
  await mkdir(path.join(root, 'stack', 'src'), { recursive: true })
  for (const file of files) await copyFile(path.join(repository, file), path.join(root, file))
  await mkdir(path.join(root, 'part'))
  await writeFile(path.join(root, 'part', 'package.json'), '{ "name": "part", "version": "1.0.0" }')
  await writeFile(path.join(root, 'package.json'), JSON.stringify({ ...manifest, type: 'module' }))
  await writeLock('1.0.0')
})

afterEach(() => rm(root, { recursive: true }))

/** `version` only makes one lock file differ from another. */
async function writeLock(version: string): Promise<void> {
  const packages = {
    '': manifest,
    'node_modules/part': { resolved: 'part', link: true },
    part: { version: '1.0.0' },
  }
  const lock = { name: manifest.name, version, lockfileVersion: 3, requires: true, packages }
  await writeFile(path.join(root, 'package-lock.json'), JSON.stringify(lock))
}

async function addScript(name: string, code: string): Promise<void> {
  await writeFile(path.join(root, 'scripts', name), code)
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [path.join(root, 'scripts', 'run.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start(...args)
  if (!child.stdout || !child.stderr) throw new Error('the output is not piped')
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { code, stdout, stderr }
}

describe('run.mjs', { timeout: 60_000 }, () => {
  test('runs a TypeScript file with its arguments and hands on its exit code', async () => {
    await addScript(
      'greet.ts',
      'const all: string[] = process.argv.slice(2)\nconsole.log(all)\nprocess.exitCode = 7',
    )
    expect(await run('greet.ts', 'a', 'b c')).toMatchObject({ code: 7, stdout: "[ 'a', 'b c' ]\n" })
  })

  test('installs before the first run only, and again when the lock file has changed', async () => {
    await addScript('nothing.ts', '')
    const first = await run('nothing.ts')
    const second = await run('nothing.ts')
    await writeLock('1.0.1')
    const third = await run('nothing.ts')
    expect([first, second, third].map(({ stderr }) => stderr.includes('Installing'))).toEqual([
      true,
      false,
      true,
    ])
  })

  test('installs again when an installation was cut short', async () => {
    await addScript('nothing.ts', '')
    await run('nothing.ts')
    await rm(path.join(root, 'node_modules', '.install-stamp'))
    expect((await run('nothing.ts')).stderr).toContain('Installing')
  })

  test('lets one of two first runs install and both succeed', async () => {
    await addScript('nothing.ts', '')
    const runs = await Promise.all([run('nothing.ts'), run('nothing.ts')])
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(runs.filter(({ stderr }) => stderr.includes('Installing'))).toHaveLength(1)
  })

  test('stops with the code of npm when the installation fails', async () => {
    await addScript('nothing.ts', 'console.log("ran")')
    const outdated = { ...manifest, dependencies: { 'left-out-of-the-lock-file': '1.0.0' } }
    await writeFile(path.join(root, 'package.json'), JSON.stringify(outdated))
    const { code, stdout, stderr } = await run('nothing.ts')
    expect(code).not.toBe(0)
    expect(stdout).not.toContain('ran')
    expect(stderr).toContain('The dependencies could not be installed')
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('hands %s on to the script', async (signal) => {
    await addScript(
      'wait.ts',
      `process.on('${signal}', () => { console.log('told'); process.exit(3) })
      setInterval(() => undefined, 1e6)
      console.log('waiting')`,
    )
    const child = start('wait.ts')
    const output: string[] = []
    child.stdout?.on('data', (chunk) => output.push(String(chunk)))
    await expect.poll(() => output.join(''), { timeout: 30_000 }).toContain('waiting')
    child.kill(signal)
    expect((await once(child, 'exit'))[0]).toBe(3)
    expect(output.join('')).toContain('told')
  })

  test.each([
    ['no script', []],
    ['an absent script', ['absent.ts']],
  ])('shows how it is used when it is given %s', async (_, args) => {
    expect(await run(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('Usage:') })
  })
})
