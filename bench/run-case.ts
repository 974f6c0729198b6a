import process from 'node:process'
import { parseArgs } from 'node:util'
import { benchCases, isBenchName } from './cases/index.ts'
import type { BenchCase, BenchContext, Figure } from './support/bench-case.ts'
import { commitOf, thisMachine } from './support/machine.ts'
import { writeResults } from './support/results.ts'
import { plainTable, textTable } from './support/table.ts'

/**
 * Runs one case in a process of its own, so that none leaves its garbage and its compiled code to the next:
 * `node bench/run-case.ts <name> --results <file> [--quick] [--profiles <folder>] [--graphs <id,…>] [--events <n>]
 * [--rounds <n>] [--keys <n>]`. Prints its table and adds its figures to the file.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    results: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    profiles: { type: 'string' },
    graphs: { type: 'string' },
    events: { type: 'string' },
    rounds: { type: 'string' },
    keys: { type: 'string' },
  },
})

const undo: (() => unknown)[] = []
const began = performance.now()

const context: BenchContext = {
  quick: values.quick,
  choice: {
    graphs: values.graphs?.split(',') ?? null,
    events: countIn(values.events),
    rounds: countIn(values.rounds),
    keys: countIn(values.keys),
  },
  profiles: values.profiles ?? null,
  say: (text) =>
    console.error(`   ${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}`),
  atEnd: (step) => undo.unshift(step),
}

function countIn(text: string | undefined): number | null {
  return text === undefined ? null : Number(text)
}

async function main(name: string): Promise<void> {
  if (!isBenchName(name)) throw new Error(`there is no case ${name}`)
  const { title, load } = benchCases[name]
  const { benchCase }: { benchCase: BenchCase } = await load()
  const origin = {
    ...{ bench: name, at: new Date().toISOString(), quick: context.quick },
    ...{ commit: commitOf(import.meta.dirname), machine: thisMachine() },
  }
  console.log(`\n── ${name}: ${title}\n   ${benchCase.method}`)
  const figures: readonly Figure[] = await benchCase.run(context)
  console.log(`\n${plainTable(textTable(benchCase.columns, figures))}`)
  writeResults(
    values.results,
    figures.map((figure) => ({ ...origin, ...figure })),
  )
}

async function cleanUp(): Promise<void> {
  for (let step = undo.shift(); step !== undefined; step = undo.shift()) {
    await Promise.resolve(step()).catch((error: unknown) => console.error(error))
  }
}

let ending = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!ending) void cleanUp().finally(() => process.exit(130))
    ending = true
  })
}

try {
  await main(positionals[0] ?? '')
} catch (error) {
  process.exitCode = 1
  console.error(error)
}
await cleanUp()
process.exit()
