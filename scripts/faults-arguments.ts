/** What `npm run faults` hands on. */
export interface FaultsArguments {
  readonly vitest: readonly string[]
  /** Environment variables of the storm. */
  readonly env: Readonly<Record<string, string>>
}

const STORM = 'storm.faults'
const NUMBERS: readonly string[] = ['--seed', '--events', '--kills']
const LONG = { [variableOf('--events')]: '10000000', [variableOf('--kills')]: '200' }

/**
 * Takes the options of storms out of the arguments; the rest is for vitest. With one of them only the storm is played, or
 * what is named.
 *
 * @throws Error where a number is missing
 */
export function faultsArguments(args: readonly string[]): FaultsArguments {
  const vitest: string[] = []
  const env: Record<string, string> = {}
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (arg === '--long') Object.assign(env, { ...LONG, ...env })
    else if (NUMBERS.includes(arg)) env[variableOf(arg)] = wholeNumber(arg, args[++i])
    else vitest.push(arg)
  }
  const isStorm = Object.keys(env).length > 0 && vitest.every((arg) => arg.startsWith('-'))
  return { vitest: isStorm ? [STORM, ...vitest] : vitest, env }
}

/** What the storm reads (tests/README.md). */
function variableOf(option: string): string {
  return `MILLRACE_STORM_${option.slice(2).toUpperCase()}`
}

function wholeNumber(option: string, text = ''): string {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${option} needs a whole number, as in ${option} 7.`)
  return text
}
