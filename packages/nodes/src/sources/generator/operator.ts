import { type Decoded, type GeneratorSourceRuntime, seededNumber } from '@millrace/engine'
import type { GeneratorConfig } from './definition.ts'
import { TEMPLATES, type Template } from './templates.ts'

/** How a generator makes its events. */
export const generatorRuntime: GeneratorSourceRuntime<GeneratorConfig> = {
  role: 'generator-source',
  type: 'generator',
  partitions: ({ partitions }) => partitions,
  rate: ({ ratePerSecond }) => ratePerSecond,
  time: ({ outOfOrderness }) => ({ outOfOrderness, idleTimeout: null, maxAhead: null }),
  createGenerator,
}

/** Salts below this one belong to the generator, those from it on to the template. */
const DELAY_SALT = 0

/**
 * Event i of a partition is due i intervals after the start; its event time falls behind that by a seeded delay of at
 * most `outOfOrderness`, so that no event is late. Partitions take turns.
 */
function createGenerator(
  { template: name, ratePerSecond, partitions, seed, outOfOrderness }: GeneratorConfig,
  partition: number,
  start: number,
): (index: number) => Decoded {
  const template: Template = TEMPLATES[name]
  const interval = 1000 / ratePerSecond
  return (index) => {
    const turn = index * partitions + partition
    const random = (salt: number) => seededNumber(seed, turn, salt)
    const delay = Math.floor(random(DELAY_SALT) * (outOfOrderness + 1))
    const time = start + Math.floor(turn * interval) - delay
    return { row: template.row({ partition, index, time, random }), time }
  }
}
