import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { type BenchName, benchCases, benchNames, isBenchName } from '../bench/cases/index.ts'
import { updateDocs } from '../bench/support/docs-tables.ts'
import { machineText, thisMachine } from '../bench/support/machine.ts'
import { readResults } from '../bench/support/results.ts'

/**
 * `npm run bench`: measures, and asserts nothing. Each case runs in a process of its own, one after the other; all
 * samples go to bench/results/ as JSON lines.
 */
const USAGE = `Usage: npm run bench [-- [case …] [--quick] [--profile] [--docs]]
       npm run bench -- flink [--graphs id,…] [--events n] [--rounds n]
       npm run bench -- big-state [--keys n]
       npm run bench -- --list
  case …      only these; all of them unless named
  --quick     small and short, to see that a case works: its figures compare with nothing
  --profile   also writes CPU profiles of the case and its executors to bench/results/
  --graphs, --events, --rounds
              of the case flink: these graphs, so many events and rounds; not with --docs
  --keys n    of the case big-state: so many keys; not with --docs
  --docs      also puts the tables into docs/performance.md`

const ROOT = path.dirname(import.meta.dirname)
const RESULTS = path.join(ROOT, 'bench/results')
const DOCUMENT = path.join(ROOT, 'docs/performance.md')

async function main(): Promise<number> {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      graphs: { type: 'string' },
      events: { type: 'string' },
      rounds: { type: 'string' },
      keys: { type: 'string' },
    },
  })
  if (options.list) return list()
  const unknown = positionals.filter((name) => !isBenchName(name))
  if (unknown.length > 0) {
    const word = unknown.length === 1 ? 'case' : 'cases'
    console.error(`There is no ${word} ${unknown.join(', ')}; the cases are ${benchNames.join(', ')}.`)
    return 2
  }
  const refusal = refusalOf(options)
  if (refusal !== null) {
    console.error(refusal)
    return 2
  }
  return run(positionals.length === 0 ? benchNames : positionals.filter(isBenchName), options)
}

interface Options {
  readonly quick: boolean
  readonly profile: boolean
  readonly docs: boolean
  readonly graphs?: string | undefined
  readonly events?: string | undefined
  readonly rounds?: string | undefined
  readonly keys?: string | undefined
}

const CHOICES = ['graphs', 'events', 'rounds', 'keys'] as const

/** Why options cannot be followed; null where they can. */
function refusalOf(options: Options): string | null {
  if (options.docs && options.quick) {
    return 'Figures of --quick compare with nothing: they have no place in --docs.'
  }
  if (options.docs && CHOICES.some((name) => options[name] !== undefined)) {
    return 'A choice of graphs, events, rounds or keys has no place in --docs: its table says what is measured by default.'
  }
  const wrong = (['events', 'rounds', 'keys'] as const).find(
    (name) => !/^[1-9]\d*$/.test(options[name] ?? '1'),
  )
  return wrong === undefined ? null : `--${wrong} takes a number from 1.`
}

function list(): number {
  const width = Math.max(...benchNames.map(({ length }) => length))
  for (const name of benchNames) console.log(`${name.padEnd(width)}  ${benchCases[name].title}`)
  return 0
}

/** Returns 1 where a case failed; what the others measured is kept. */
async function run(names: readonly BenchName[], options: Options): Promise<number> {
  const { quick, profile, docs } = options
  const stamp = new Date().toISOString().replaceAll(/\W/g, '').slice(0, 15)
  const file = path.join(RESULTS, `${stamp}.jsonl`)
  mkdirSync(RESULTS, { recursive: true })
  console.log(`${machineText(thisMachine())}${quick ? ' · quick: figures compare with nothing' : ''}`)
  const failed: string[] = []
  for (const name of names) {
    const choice = CHOICES.flatMap((option) => (options[option] ? [`--${option}`, options[option]] : []))
    const args = [name, '--results', file, ...(quick ? ['--quick'] : []), ...choice]
    if (!(await runCase(args, profile ? path.join(RESULTS, `${stamp}-profiles`) : null))) failed.push(name)
    if (interrupted) break
  }
  console.log(`\nAll samples: ${path.relative(ROOT, file)}`)
  if (docs) await updateDocs(DOCUMENT, readResults(file))
  if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
  return failed.length > 0 ? 1 : 0
}

let interrupted = false

/** `profiles` is a folder for CPU profiles, or null. */
async function runCase(args: readonly string[], profiles: string | null): Promise<boolean> {
  const script = path.join(ROOT, 'bench/run-case.ts')
  const flags = profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
  const more = profiles === null ? [] : ['--profiles', profiles]
  const child = spawn(process.execPath, [...flags, script, ...args, ...more], { cwd: ROOT, stdio: 'inherit' })
  const stop = () => {
    interrupted = true
    // Twice does no harm: in a terminal Ctrl-C reaches the case by itself.
    child.kill('SIGINT')
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  const [code] = await once(child, 'exit')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  return code === 0
}

try {
  process.exitCode = await main()
} catch (error) {
  const usage =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  console.error(usage ? `${error.message}\n${USAGE}` : error)
  process.exitCode = 2
}
