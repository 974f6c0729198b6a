import { seededNumber } from '@millrace/engine'

/** When the events of the demo happen. Event i is due i intervals after the start. */
export interface DemoTiming {
  readonly seed: number
  /** Epoch ms of event 0. */
  readonly start: number
  readonly perSecond: number
}

/** The value of a record of the topic `orders`; its key is the user id. */
export interface DemoOrder {
  readonly orderId: string
  readonly userId: string
  readonly items: readonly DemoItem[]
  /** Exact to the cent. */
  readonly total: number
  /** Epoch ms. */
  readonly ts: number
}

/** One line of an order. */
export interface DemoItem {
  readonly sku: string
  readonly qty: number
  readonly price: number
}

/** The value of a record of the topic `users`; its key is the user id. */
export interface DemoUser {
  readonly userId: string
  readonly region: string
  readonly tier: string
}

/** The value of a record of the topic `products`; its key is the sku. */
export interface DemoProduct {
  readonly sku: string
  readonly name: string
  readonly category: string
}

/** The value of a record of the topic `clicks`; its key is the user id. */
export interface DemoClick {
  readonly clickId: string
  readonly userId: string
  readonly sku: string
  readonly ts: number
}

/** Users there are reference rows of, numbered from 0. */
export const DEMO_USERS = 2_000

/** Products there are reference rows of, numbered from 0. */
export const DEMO_PRODUCTS = 200

/** No event is further behind a newer one than this, so with it as bound none is late. */
export const DEMO_OUT_OF_ORDERNESS_MS = 5_000

const REGIONS = ['US-WEST', 'US-EAST', 'EU-CENTRAL', 'EU-NORTH', 'APAC'] as const
const TIERS = ['gold', 'silver', 'bronze'] as const
const CATEGORIES = ['books', 'games', 'garden', 'kitchen', 'music', 'sports', 'tools', 'toys'] as const
const ADJECTIVES = ['Blue', 'Classic', 'Compact', 'Green', 'Large', 'Light', 'Smart', 'Soft'] as const
/** Of a topic with four partitions each but the second gets some: the first one is what the editor samples. */
const PROBES = ['healthcheck-apac', 'healthcheck-eu', 'healthcheck-us'] as const

const HEALTH_CHECKS = 0.03
const REPEATS = 0.01
/** Orders of users, and items of products, that the reference data does not know. */
const UNKNOWN = 0.005
const MAX_DELAY_MS = 3_000
const MAX_REPEAT_MS = DEMO_OUT_OF_ORDERNESS_MS - MAX_DELAY_MS
const MAX_REPEAT_EVENTS = 50
const MAX_ITEMS = 4
const MAX_QUANTITY = 3
const MAX_PRICE_CENTS = 20_000

/** Tells apart the numbers that are drawn for one event. Those of items follow, a few for each. */
const SALT = {
  kind: 1,
  repeat: 2,
  distance: 3,
  delay: 4,
  user: 5,
  known: 6,
  items: 7,
  region: 8,
  tier: 9,
} as const
const ITEM_SALT = 20
const SALTS_PER_ITEM = 4

/**
 * Order i: a pure function of seed and i. About 3 % are probes of load balancers (`healthcheck-…`), about 1 % repeat an
 * order that was sent up to 2 s before, and event times are up to 3 s behind.
 */
export function demoOrder(timing: DemoTiming, i: number): DemoOrder {
  return freshOrder(timing, originalOf(timing, i))
}

/** The index of the order that order i repeats; i itself where it repeats none. */
function originalOf({ seed, perSecond }: DemoTiming, i: number): number {
  const reach = Math.min(MAX_REPEAT_EVENTS, Math.floor((MAX_REPEAT_MS / 1000) * perSecond), i)
  if (reach < 1 || !isRepeat(seed, i)) return i
  const original = i - 1 - Math.floor(seededNumber(seed, i, SALT.distance) * reach)
  // A repeat of a repeat could be later than the bound.
  return isRepeat(seed, original) ? i : original
}

function isRepeat(seed: number, i: number): boolean {
  return seededNumber(seed, i, SALT.repeat) < REPEATS
}

function freshOrder(timing: DemoTiming, i: number): DemoOrder {
  const draw = (salt: number) => seededNumber(timing.seed, i, salt)
  const identity = { orderId: `o-${i}`, ts: timeOf(timing, i) }
  if (draw(SALT.kind) < HEALTH_CHECKS) {
    return { ...identity, userId: pick(PROBES, draw(SALT.user)), items: [], total: 0 }
  }
  const lines = Array.from({ length: 1 + below(MAX_ITEMS, draw(SALT.items)) }, (_, line) =>
    itemOf((salt) => draw(ITEM_SALT + SALTS_PER_ITEM * line + salt)),
  )
  const cents = lines.reduce((sum, { qty, priceCents }) => sum + qty * priceCents, 0)
  const items = lines.map(({ sku, qty, priceCents }) => ({ sku, qty, price: priceCents / 100 }))
  return { ...identity, userId: buyerOf(draw), items, total: cents / 100 }
}

function timeOf({ seed, start, perSecond }: DemoTiming, i: number): number {
  return (
    start + Math.floor((i * 1000) / perSecond) - below(MAX_DELAY_MS + 1, seededNumber(seed, i, SALT.delay))
  )
}

/** Some users buy more often than others. */
function buyerOf(draw: (salt: number) => number): string {
  const number = below(DEMO_USERS, draw(SALT.user) ** 2)
  return draw(SALT.known) < UNKNOWN ? `u-guest-${number}` : userName(number)
}

function itemOf(draw: (salt: number) => number): { sku: string; qty: number; priceCents: number } {
  const number = below(DEMO_PRODUCTS, draw(0))
  return {
    sku: draw(1) < UNKNOWN ? `sku-gone-${number}` : productName(number),
    qty: 1 + below(MAX_QUANTITY, draw(2)),
    priceCents: 1 + below(MAX_PRICE_CENTS, draw(3)),
  }
}

/** User i of `DEMO_USERS`. */
export function demoUser(seed: number, i: number): DemoUser {
  const draw = (salt: number) => seededNumber(seed, i, salt)
  return { userId: userName(i), region: pick(REGIONS, draw(SALT.region)), tier: pick(TIERS, draw(SALT.tier)) }
}

/** Product i of `DEMO_PRODUCTS`. */
export function demoProduct(seed: number, i: number): DemoProduct {
  const category = pick(CATEGORIES, seededNumber(seed, i, SALT.region))
  const adjective = pick(ADJECTIVES, seededNumber(seed, i, SALT.tier))
  return { sku: productName(i), name: `${adjective} ${category} ${i}`, category }
}

/** Click i: a user looks at a product. */
export function demoClick(timing: DemoTiming, i: number): DemoClick {
  const draw = (salt: number) => seededNumber(timing.seed, i, salt)
  const sku = productName(below(DEMO_PRODUCTS, draw(ITEM_SALT)))
  return {
    clickId: `c-${i}`,
    userId: userName(below(DEMO_USERS, draw(SALT.user) ** 2)),
    sku,
    ts: timeOf(timing, i),
  }
}

function userName(number: number): string {
  return `u-${String(number).padStart(4, '0')}`
}

function productName(number: number): string {
  return `sku-${String(number).padStart(3, '0')}`
}

function below(count: number, random: number): number {
  return Math.floor(random * count)
}

function pick<T>(list: readonly T[], random: number): T {
  return list[below(list.length, random)] as T
}
