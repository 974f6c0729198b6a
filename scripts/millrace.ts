import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { testCommand } from '../api/src/cli/test-command.ts'

const USAGE = `Usage: npm run millrace -- test [--tap] <file.yaml> …
  Runs the tests that stand in pipeline documents (YAML or JSON). Needs no server.
  Ends with 0 where all pass, 1 where one fails, 2 where a file cannot be read or has no tests.`

const EXIT_CODES = { passed: 0, failed: 1, unreadable: 2 } as const

const { values, positionals } = parseArgs({ allowPositionals: true, options: { tap: { type: 'boolean' } } })
const [command, ...names] = positionals
if (command === 'test' && names.length > 0) {
  // npm starts scripts in the root of the repository, and says where it was called.
  const from = process.env.INIT_CWD ?? process.cwd()
  const files = names.map((name) => path.relative(process.cwd(), path.resolve(from, name)))
  const outcome = await testCommand(files, values.tap ? 'tap' : 'plain', console.log)
  process.exitCode = EXIT_CODES[outcome]
} else {
  console.error(USAGE)
  process.exitCode = 2
}
