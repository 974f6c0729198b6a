import { checkStorm } from './check-storm.ts'
import { runStorm, type StormOutcome, type StormSize } from './run-storm.ts'

/**
 * Runs a storm and checks what came of it: of the given size, or of the one that environment variables name. What it
 * prints tells how to play it again.
 */
export async function playStorm(
  servers: { readonly kafka: string; readonly redis: string },
  otherwise: Omit<StormSize, 'seed'>,
): Promise<void> {
  const size = stormSize(otherwise)
  const again = `npm run faults -- --seed ${size.seed} --events ${size.events} --kills ${size.kills}`
  console.log(`storm: ${again}`)
  try {
    const outcome = await runStorm(servers, size)
    console.log(figuresOf(outcome))
    checkStorm(outcome, size)
  } catch (error) {
    console.error(`This storm again: ${again}`)
    throw error
  }
}

function stormSize({ events, kills }: Omit<StormSize, 'seed'>): StormSize {
  return {
    seed: Number(process.env.MILLRACE_STORM_SEED ?? Math.floor(Math.random() * 2 ** 31)),
    events: Number(process.env.MILLRACE_STORM_EVENTS ?? events),
    kills: Number(process.env.MILLRACE_STORM_KILLS ?? kills),
  }
}

/** What died, with the payments under way then; how many rows came out. */
function figuresOf({ kills, found: { counts } }: StormOutcome): string {
  const died = kills.map(({ kind, inFlight }) => `${kind} (${inFlight})`).join(', ')
  return `killed, with payments under way: ${died}\nrows: ${JSON.stringify(counts)}`
}
