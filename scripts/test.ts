import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureChromium, StackError } from '@millrace/stack'

/**
 * `npm test`: everything, on real servers and in a real browser. With names of steps as arguments only those run:
 * `npm test -- unit it`. The last line says how many tests passed and failed.
 */
const root = path.dirname(import.meta.dirname)
const reports = mkdtempSync(path.join(tmpdir(), 'millrace-reports-'))

interface Tally {
  readonly passed: number
  readonly failed: number
}

interface Step {
  readonly name: string
  readonly title: string
  run(): Tally | Promise<Tally>
}

const STEPS: readonly Step[] = [
  { name: 'generate', title: 'Generated code is up to date', run: checkGenerated },
  {
    name: 'types',
    title: 'Types',
    run: () =>
      all([
        ['turbo', 'run', 'typecheck'],
        ['tsc', '-p', 'tsconfig.json'],
      ]),
  },
  {
    name: 'lint',
    title: 'Format, lint and direction of imports',
    run: () =>
      all([
        ['biome', 'ci', '.'],
        ['node', 'scripts/check-imports.ts'],
      ]),
  },
  { name: 'unit', title: 'Unit tests', run: () => vitest('unit', 'editor') },
  {
    name: 'build',
    title: 'The editor builds',
    run: () => all([['turbo', 'run', 'build', '--filter=@millrace/editor']]),
  },
  { name: 'it', title: 'Integration tests on real servers', run: () => vitest('it') },
  { name: 'e2e', title: 'End to end in a real browser', run: endToEnd },
]

/** Runs commands one after the other; each counts as one test. */
function all(commands: readonly (readonly string[])[]): Tally {
  const failed = commands.filter(([command, ...args]) => !succeeds(command as string, args)).length
  return { passed: commands.length - failed, failed }
}

function succeeds(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  return result.status === 0
}

/** Generated files that are committed must be what their generator makes today. */
function checkGenerated(): Tally {
  const generated = succeeds('turbo', ['run', 'generate'])
  const inGit = existsSync(path.join(root, '.git'))
  const same = !inGit || succeeds('git', ['diff', '--exit-code', '--stat', '--', 'packages/*/src/generated'])
  return generated && same ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Runs vitest projects. A file that could not even run counts as one failure. */
function vitest(...projects: string[]): Tally {
  const report = path.join(reports, `${projects.join('-')}.json`)
  const only = projects.flatMap((project) => ['--project', project])
  const ok = succeeds('vitest', [
    'run',
    ...only,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const json = readReport(report) as { numPassedTests: number; numFailedTests: number } | null
  const failed = json?.numFailedTests ?? 0
  return { passed: json?.numPassedTests ?? 0, failed: ok ? failed : Math.max(1, failed) }
}

async function endToEnd(): Promise<Tally> {
  const report = path.join(reports, 'e2e.json')
  const chromium = await ensureChromium()
  const env = { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report }
  const ok = succeeds(
    'playwright',
    ['test', '--config', 'tests/e2e/playwright.config.ts', '--reporter=list,json'],
    env,
  )
  const json = readReport(report) as { stats: { expected: number; unexpected: number; flaky: number } } | null
  const failed = (json?.stats.unexpected ?? 0) + (json?.stats.flaky ?? 0)
  return { passed: json?.stats.expected ?? 0, failed: ok ? failed : Math.max(1, failed) }
}

function readReport(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name))
  if (unknown.length > 0) {
    console.error(
      `There is no step ${unknown.join(', ')}; the steps are ${STEPS.map(({ name }) => name).join(', ')}.`,
    )
    process.exit(2)
  }
  const total = { passed: 0, failed: 0 }
  const broken: string[] = []
  for (const step of STEPS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const started = performance.now()
    console.log(`\n── ${step.title}`)
    const { passed, failed } = await step.run()
    total.passed += passed
    total.failed += failed
    if (failed > 0) broken.push(step.title)
    console.log(
      `── ${step.title}: ${passed} passed, ${failed} failed, ${Math.round((performance.now() - started) / 1000)} s`,
    )
  }
  rmSync(reports, { recursive: true, force: true })
  if (broken.length > 0) console.log(`\nFailed: ${broken.join('; ')}`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed > 0 ? 1 : 0
}

main().catch((error: unknown) => {
  console.error(error instanceof StackError ? error.message : error)
  process.exitCode = 1
})
