import { describe, expect, inject, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { Deduped } from './sabotage/deduped.ts'
import type { SabotageName } from './sabotage/sabotages.ts'

const DEADLINE_MS = 120_000
/** For about 2,400 rows; half of it may wait for Redis. */
const ROOM = { MILLRACE_STATE_BYTES: '600000' }
const AT_PLACE = /at [\w-]+: (\d+)\n/

type Scenario = (pipeline: Deduped) => Promise<void>

/** The pod dies when a transaction with results has its offsets and is not ended; another one goes on. */
const deathBeforeTheEnd: Scenario = async (pipeline) => {
  await pipeline.send(2_000)
  const first = pipeline.start({ MILLRACE_PLACE: 'offsets-written' })
  await first.ended()
  expect(first.output).toMatch(AT_PLACE)
  pipeline.start()
  await pipeline.isWorkedOff()
}

/** The pod sleeps before it writes results; another one takes over and does everything; then its worker goes on. */
const sleepBeforeResults: Scenario = async (pipeline) => {
  await pipeline.send(2_000)
  const first = pipeline.start({ MILLRACE_PLACE: 'before-results' })
  const worker = await waitFor('it sleeps', () => AT_PLACE.exec(first.output)?.[1], DEADLINE_MS)
  expect(await pipeline.inFlight()).toBeGreaterThan(0)
  pipeline.start()
  await pipeline.isWorkedOff()
  const before = (await pipeline.results()).length
  process.kill(Number(worker), 'SIGCONT')
  await waitFor(
    'it is fenced, or has written',
    async () => /Another owner took/.test(first.output) || (await pipeline.results()).length > before,
    DEADLINE_MS,
  )
}

/** State is cold after a kill; Redis loses it before it is read again. */
const flushBeforeColdRead: Scenario = async (pipeline) => {
  const executor = pipeline.start()
  const numbers = await pipeline.send(500)
  await pipeline.isWorkedOff()
  await pipeline.copyIsWhole()
  process.kill(await pipeline.worker(executor), 'SIGKILL')
  await pipeline.isWorkedOff()
  await pipeline.copyIsWhole()
  await pipeline.flush()
  await pipeline.sendAgain(numbers)
  await pipeline.isWorkedOff()
}

/** Rows that Redis does not have yet are asked for again, when memory has no room for them. */
const lateCopies: Scenario = async (pipeline) => {
  pipeline.start(ROOM)
  await pipeline.send(4_000)
  await pipeline.isWorkedOff()
  await pipeline.copyIsWhole()
  await pipeline.whileCopiesAreHeld(async () => {
    const numbers = await pipeline.send(300)
    await pipeline.isWorkedOff()
    // Others come in between, twice, so that the rows have not been used for long.
    await pipeline.send(300)
    await pipeline.isWorkedOff()
    await pipeline.isWorkedOff()
    await pipeline.sendAgain(numbers)
    await pipeline.isWorkedOff()
  })
}

const SCENARIOS: readonly [scene: string, Scenario, ...caught: SabotageName[]][] = [
  ['a death between the offsets and the end', deathBeforeTheEnd, 'offsets-first', 'redis-first'],
  ['an owner that sleeps before it writes', sleepBeforeResults, 'no-fencing'],
  ['a Redis that is emptied before a cold read', flushBeforeColdRead, 'unfenced-read'],
  ['a Redis that is slow to take rows', lateCopies, 'early-eviction'],
]

async function play(scenario: Scenario, sabotage: SabotageName | null) {
  const pipeline = await Deduped.deploy(inject('servers'), sabotage)
  try {
    await scenario(pipeline)
    return { found: await pipeline.results(), expected: pipeline.expected }
  } catch (error) {
    throw new Error(`${error}\n${pipeline.lastWords()}`, { cause: error })
  } finally {
    await pipeline.close()
  }
}

describe.each(SCENARIOS)('%s', { timeout: 300_000 }, (_, scenario, ...sabotages) => {
  test('leaves every number once', async () => {
    const { found, expected } = await play(scenario, null)
    expect(found).toEqual(expected)
  })

  test.each(sabotages)('catches an executor with %s', async (sabotage) => {
    const { found, expected } = await play(scenario, sabotage)
    expect(found.toSorted((a, b) => a - b)).not.toEqual(expected)
  })
})
