import { runWorker } from '../../../executor/src/worker/run-worker.ts'
import { atPlace, holdingCopies, type Place } from './places.ts'
import { HONEST, SABOTAGES, type SabotageName } from './sabotages.ts'

/**
 * A worker process that is broken as `MILLRACE_SABOTAGE` says, and comes to a stop where `MILLRACE_PLACE` says.
 * `MILLRACE_STATE_BYTES` is what it may have of state in memory.
 */
const { MILLRACE_SABOTAGE: sabotage, MILLRACE_PLACE: place, MILLRACE_STATE_BYTES: bytes } = process.env
const broken = sabotage ? SABOTAGES[sabotage as SabotageName] : HONEST

runWorker({
  parts: place ? atPlace(place as Place, broken.parts) : broken.parts,
  stateRedis: (redis) => holdingCopies(broken.stateRedis(redis)),
  ...(bytes && { stateMemory: () => Number(bytes) }),
})
