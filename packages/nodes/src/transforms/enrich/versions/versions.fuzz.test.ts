import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes } from '../../../index.ts'

type Step =
  | { readonly row: { readonly user: string | null }; readonly at: bigint }
  | { readonly watermark: bigint }
  | { readonly reference: { readonly key: string; readonly value: object | null }; readonly at: bigint }
  | { readonly idle: 'reference' }

interface Settings {
  readonly timing: 'at-once' | 'event-time'
  readonly beforeFirst: boolean
  readonly miss: 'keep' | 'drop' | 'dead-letter'
  readonly outOfOrderness: number
  readonly versionTime: '' | 'since'
}

interface Version {
  readonly key: string
  readonly time: number
  readonly tier: string | null
}

interface Row {
  readonly tier: string
  readonly since: bigint
}

interface Waiting {
  readonly user: string | null
  readonly time: number
  readonly position: number
}

/** What must become of the steps: one list of versions, searched from end to end, and one list of waiting events. */
class Model {
  readonly output: { row: object; at: bigint }[] = []
  readonly dropped: { row: object; cause: string }[] = []
  readonly errors: { at: bigint; code: string }[] = []
  readonly #settings: Settings
  #versions: Version[] = []
  #waiting: Waiting[] = []
  #events = Number.NEGATIVE_INFINITY
  #reference = Number.NEGATIVE_INFINITY
  #isIdle: boolean
  #watermark = Number.NEGATIVE_INFINITY
  #position = 0

  constructor(settings: Settings) {
    this.#settings = settings
    this.#isIdle = settings.timing === 'at-once'
  }

  take(step: Step): void {
    if ('row' in step) this.#event({ user: step.row.user, time: Number(step.at), position: this.#position++ })
    else if ('watermark' in step) this.#events = Math.max(this.#events, Number(step.watermark))
    else if ('idle' in step) this.#isIdle = true
    else this.#version(step.reference.key, Number(step.at), step.reference.value as Row | null)
    this.#advance()
  }

  #event(event: Waiting): void {
    const waits = this.#settings.timing === 'event-time' && event.time > this.#watermark
    if (waits && event.user !== null) this.#waiting.push(event)
    else this.#decide(event)
  }

  #version(key: string, written: number, value: Row | null): void {
    const time = value !== null && this.#settings.versionTime === 'since' ? Number(value.since) : written
    this.#versions = this.#versions.filter((known) => known.key !== key || known.time !== time)
    this.#versions.push({ key, time, tier: value?.tier ?? null })
    if (this.#settings.timing === 'at-once') return
    this.#reference = Math.max(this.#reference, time - this.#settings.outOfOrderness - 1)
    this.#isIdle = false
  }

  #advance(): void {
    const combined = this.#isIdle ? this.#events : Math.min(this.#events, this.#reference)
    this.#watermark = Math.max(this.#watermark, combined)
    for (const event of this.#waiting) if (event.time <= this.#watermark) this.#decide(event)
    this.#waiting = this.#waiting.filter(({ time }) => time > this.#watermark)
    this.#versions = this.#versions.filter(
      ({ key, time }) =>
        !this.#versions.some(
          (other) => other.key === key && other.time > time && other.time <= this.#watermark,
        ),
    )
  }

  #decide({ user, time, position }: Waiting): void {
    const known = this.#versions.filter(({ key }) => key === user).sort((a, b) => a.time - b.time)
    const first = this.#settings.beforeFirst ? known[0] : undefined
    const tier = (known.findLast((version) => version.time <= time) ?? first)?.tier ?? null
    const { miss } = this.#settings
    if (tier !== null || miss === 'keep') this.output.push({ row: { user, tier }, at: BigInt(time) })
    else if (miss === 'drop') this.dropped.push({ row: { user }, cause: 'no such row in users' })
    else this.errors.push({ at: BigInt(position), code: 'no_reference_row' })
  }
}

const user = fc.constantFrom('a', 'b')
const time = fc.bigInt(-12n, 12n)
const value = fc.option(fc.record({ tier: fc.constantFrom('x', 'y', 'z'), since: time }))
const version = fc.record({ key: user, value }).map(({ key, value: row }) => ({
  reference: { key, value: row && { id: key, ...row } },
}))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ row: fc.record({ user: fc.option(user, { freq: 9 }) }), at: time }) },
  { weight: 4, arbitrary: fc.tuple(version, time).map(([one, at]) => ({ ...one, at: at + 12n })) },
  { weight: 2, arbitrary: fc.record({ watermark: time }) },
  { weight: 1, arbitrary: fc.constant({ idle: 'reference' as const }) },
)
const settings: fc.Arbitrary<Settings> = fc.record({
  timing: fc.constantFrom('at-once', 'event-time'),
  beforeFirst: fc.boolean(),
  miss: fc.constantFrom('keep', 'drop', 'dead-letter'),
  outOfOrderness: fc.integer({ min: 0, max: 3 }),
  versionTime: fc.constantFrom('', 'since'),
})

/** Half of the cases know all versions before the first event, as the preview needs it. */
const steps = fc.tuple(fc.array(step, { maxLength: 30 }), fc.boolean()).map(([list, isSorted]) => {
  if (!isSorted) return list
  const isVersion = (one: Step) => 'reference' in one
  return [...list.filter(isVersion), { idle: 'reference' as const }, ...list.filter((one) => !isVersion(one))]
})

describe('an enrich by versions', () => {
  it(
    'agrees with lists of versions and of waiting events, over any disorder, ties, tombstones, commits and crashes',
    () =>
      fuzz(
        fc.asyncProperty(steps, settings, async (list, chosen) => {
          const model = new Model(chosen)
          for (const one of list) model.take(one)
          const example: Example = {
            node: 'enrich',
            title: 'random',
            config: {
              ...{ reference: 'versions', connection: 'main', topic: 'users', ...chosen },
              fields: [
                { name: 'id', type: 'string not null' },
                { name: 'tier', type: 'string not null' },
                { name: 'since', type: 'timestamp' },
              ],
              ...{ keyField: 'id', key: 'user', add: [{ field: 'tier', as: '' }] },
            },
            input: { fields: { user: 'string' } },
            steps: list as NonNullable<Example['steps']>,
            ...({ output: model.output, dropped: model.dropped, errors: model.errors } as Pick<
              Example,
              'output' | 'dropped' | 'errors'
            >),
          }
          await runExample(example, { catalogue, runtimes })
        }),
        { seedFile: path.join(import.meta.dirname, 'versions.fuzz-seeds.json'), runs: 150 },
      ),
    240_000,
  )
})
