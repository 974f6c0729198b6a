import { partitionOfKey, seededNumber } from '@millrace/engine'
import { benchOrder, type OrderIdentity } from '../bench-events.ts'

/** A record to write. */
export interface InputRecord {
  readonly key: string
  /** JSON. */
  readonly value: string
}

/** Partitions of every topic. */
export const PARTITIONS = 4
/** By how much, at most, an event is older than one before it in its partition, ms. */
export const OUT_OF_ORDERNESS_MS = 1_000

/** Event time of order 0; one order per millisecond. */
const START = 1_700_000_000_000
const SEED = 20
/** As long as numbers of orders get. */
const FIRST_ORDER = 5_600_000_000
const USERS = 10_000
const DAY = 86_400_000
const HEALTH_CHECKS = 0.03
/** Orders that repeat one of the last few. */
const REPEATS = 0.01
const MAX_REPEAT = 50
/** Orders of users that the reference topic does not know. */
const UNKNOWN = 0.005
const MAX_DELAY_MS = 500
const PAID = 0.9
const PAID_AFTER_MS = 3_000
const REGIONS = ['US-WEST', 'US-EAST', 'EU-CENTRAL', 'EU-NORTH', 'APAC']
const TIERS = ['gold', 'silver', 'bronze']
/** With it begin the users and homes of the events that close all windows. */
const CLOSING = 'closing-'

const SALT = {
  kind: 1,
  user: 2,
  repeat: 3,
  distance: 4,
  delay: 5,
  known: 6,
  paid: 7,
  paidAfter: 8,
  home: 9,
  tier: 10,
}

/** Order i: about 3 % are probes of load balancers, about 1 % repeat an order before, delays are up to half a second. */
export function order(i: number): InputRecord {
  const original = originalOf(i)
  const identity = identityOf(original)
  return { key: identity.userId, value: benchOrder(original, identity) }
}

/** The id of order i; one that repeats another one has that one's. */
export function orderIdOf(i: number): string {
  return `o-${FIRST_ORDER + i}`
}

/** The payment of order i, some 3 s later; null where it is never paid. */
export function payment(i: number): InputRecord | null {
  if (draw(i, SALT.paid) >= PAID) return null
  const { orderId, userId, ts } = identityOf(originalOf(i))
  const paidAt = ts + PAID_AFTER_MS + below(MAX_DELAY_MS / 2, draw(i, SALT.paidAfter))
  return paymentRecord(i, { orderId, userId, ts: paidAt })
}

/** The reference rows; last in each partition is one whose version time is beyond all events, so that none waits. */
export function users(): InputRecord[] {
  const known = Array.from({ length: USERS }, (_, i) => {
    const home = REGIONS[below(REGIONS.length, draw(i, SALT.home))] ?? ''
    return userRecord(`u-${i}`, home, TIERS[below(TIERS.length, draw(i, SALT.tier))] ?? '', START - DAY)
  })
  const closing = partitions().map((partition) =>
    userRecord(closingName('user', partition), closingName('home', partition), 'none', START - DAY),
  )
  const marks = partitions().map((partition) =>
    userRecord(closingName('mark', partition), 'nowhere', 'none', START + 1_000 * DAY),
  )
  return [...known, ...closing, ...marks]
}

/**
 * What comes behind the last order in each partition: an event a day later, and another one the next day. So every window
 * of orders is over, that of the first of the two as well, and its row tells that all before it have been written.
 */
export function closingOrders(): InputRecord[] {
  // Of a region and with a total that no filter drops.
  return closingIdentities(0).map((identity, i) => ({
    key: identity.userId,
    value: benchOrder(800 + 8 * i, identity),
  }))
}

/** The same for payments. */
export function closingPayments(): InputRecord[] {
  return closingIdentities(PAID_AFTER_MS).map((identity, i) => paymentRecord(i, identity))
}

/** Whether a text of a row comes from an event that closes windows. */
export function isClosing(text: unknown): boolean {
  return typeof text === 'string' && text.startsWith(CLOSING)
}

function originalOf(i: number): number {
  if (i === 0 || draw(i, SALT.repeat) >= REPEATS) return i
  return Math.max(0, i - 1 - below(MAX_REPEAT, draw(i, SALT.distance)))
}

function identityOf(i: number): OrderIdentity {
  return {
    orderId: orderIdOf(i),
    userId: userOf(i),
    ts: START + i - below(MAX_DELAY_MS, draw(i, SALT.delay)),
  }
}

function userOf(i: number): string {
  if (draw(i, SALT.kind) < HEALTH_CHECKS) return `healthcheck-${i % 8}`
  const number = below(USERS, draw(i, SALT.user))
  return draw(i, SALT.known) < UNKNOWN ? `u-guest-${number}` : `u-${number}`
}

function paymentRecord(i: number, { orderId, userId, ts }: OrderIdentity): InputRecord {
  const value = { paymentId: `p-${i}`, orderId, userId, amount: (i % 1000) + 0.25, ts, method: 'card' }
  return { key: userId, value: JSON.stringify(value) }
}

function userRecord(userId: string, home: string, tier: string, since: number): InputRecord {
  return { key: userId, value: JSON.stringify({ userId, home, tier, since }) }
}

function closingIdentities(later: number): OrderIdentity[] {
  return [1, 2].flatMap((days) =>
    partitions().map((partition) => ({
      orderId: `${CLOSING}${days}-${partition}`,
      userId: closingName('user', partition),
      ts: START + 100 * DAY + days * DAY + later,
    })),
  )
}

/** A name whose key goes to a partition. */
function closingName(what: string, partition: number): string {
  for (let i = 0; ; i++) {
    const name = `${CLOSING}${what}-${i}`
    if (partitionOfKey(Buffer.from(name), PARTITIONS) === partition) return name
  }
}

function partitions(): number[] {
  return Array.from({ length: PARTITIONS }, (_, i) => i)
}

function draw(i: number, salt: number): number {
  return seededNumber(SEED, i, salt)
}

function below(count: number, random: number): number {
  return Math.floor(random * count)
}
