import { seededNumber } from '@millrace/engine'

/** Which kind of event a record holds, in `event_type`. */
export const EVENT_TYPES = { person: 0, auction: 1, bid: 2 } as const

/** Somebody who sells and bids. Times are epoch ms. */
export interface Person {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly credit_card: string
  readonly city: string
  readonly state: string
  readonly extra: string
}

/** Something that is sold. Prices are in cents. */
export interface Auction {
  readonly id: number
  readonly item_name: string
  readonly description: string
  readonly initial_bid: number
  readonly reserve: number
  readonly expires: number
  readonly seller: number
  readonly category: number
  readonly extra: string
}

/** An offer in cents. */
export interface Bid {
  readonly auction: number
  readonly bidder: number
  readonly price: number
  readonly channel: string
  readonly url: string
  readonly extra: string
}

/** One event, as the value of a record: one of person, auction and bid is there. */
export type NexmarkEvent = { readonly date_time: number } & (
  | { readonly event_type: 0; readonly person: Person }
  | { readonly event_type: 1; readonly auction: Auction }
  | { readonly event_type: 2; readonly bid: Bid }
)

/** Which events are made. */
export interface NexmarkOptions {
  readonly seed: number
  /** Epoch ms of event 0. */
  readonly start: number
  readonly perSecond: number
}

/** Of 50 events in a row the first is a person, the next three are auctions, the rest bids. */
const IN_A_ROW = 50
const AUCTIONS_IN_A_ROW = 3
const FIRST_ID = 1000
const FIRST_CATEGORY = 10
const CATEGORIES = 5
/** Ids that events name ahead of those that were made. */
const LEAD = 10
const ACTIVE_PEOPLE = 1000
const OPEN_AUCTIONS = 100
/** Every so many ids one is hot. */
const HOT_EVERY = 100
const CHANNELS = 10_000
const HOT_CHANNELS = ['Google', 'Facebook', 'Baidu', 'Apple']
const CITIES = [
  'Phoenix,AZ',
  'Los Angeles,CA',
  'San Francisco,CA',
  'Boise,ID',
  'Portland,OR',
  'Bend,OR',
  'Redmond,WA',
  'Seattle,WA',
  'Kent,WA',
  'Cheyenne,WY',
].map((place) => place.split(',') as [string, string])
const FIRST_NAMES = 'Peter,Paul,Luke,John,Saul,Vicky,Kate,Julie,Sarah,Deiter,Walter'.split(',')
const LAST_NAMES = 'Shultz,Abrams,Spencer,White,Bartels,Walton,Smith,Jones,Noris'.split(',')
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** Whole numbers below a bound for one event, each call another one. */
class Dice {
  readonly #seed: number
  readonly #event: number
  #calls = 0

  constructor(seed: number, event: number) {
    this.#seed = seed
    this.#event = event
  }

  below(bound: number): number {
    return Math.floor(this.unit() * bound)
  }

  unit(): number {
    return seededNumber(this.#seed, this.#event, this.#calls++)
  }

  oneOf<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value
  }

  /** From one cent to ten million, every magnitude alike. */
  price(): number {
    return Math.round(10 ** (this.unit() * 6) * 100)
  }

  text(length: number): string {
    // One number makes five letters: random enough to be filler.
    let text = ''
    while (text.length < length) {
      for (let number = this.below(26 ** 5), i = 0; i < 5; i++, number = Math.floor(number / 26))
        text += LETTERS[number % 26]
    }
    return text.slice(0, length)
  }
}

/**
 * Event n of the Nexmark stream, after the generator of Apache Beam and nexmark-flink: the same proportions, ids, hot
 * items and prices, but seeded, so that results are the same for ever. Events are in order of time.
 */
export function nexmarkEvent({ seed, start, perSecond }: NexmarkOptions, n: number): NexmarkEvent {
  const dice = new Dice(seed, n)
  const date_time = start + Math.floor((n * 1000) / perSecond)
  const place = n % IN_A_ROW
  if (place === 0) return { event_type: EVENT_TYPES.person, date_time, person: personOf(n, dice) }
  if (place > AUCTIONS_IN_A_ROW) return { event_type: EVENT_TYPES.bid, date_time, bid: bidOf(n, dice) }
  const auction = auctionOf(n, date_time, perSecond, dice)
  return { event_type: EVENT_TYPES.auction, date_time, auction }
}

/** Number of the last person made up to event n. */
function lastPerson(n: number): number {
  return Math.floor(n / IN_A_ROW)
}

/** Number of the last auction made up to event n; -1 before the first. */
function lastAuction(n: number): number {
  const place = Math.min(n % IN_A_ROW, AUCTIONS_IN_A_ROW)
  return Math.floor(n / IN_A_ROW) * AUCTIONS_IN_A_ROW + place - 1
}

function somePerson(n: number, dice: Dice): number {
  const people = lastPerson(n) + 1
  const active = Math.min(people, ACTIVE_PEOPLE)
  return people - active + dice.below(active + LEAD)
}

function someAuction(n: number, dice: Dice): number {
  const last = Math.max(lastAuction(n), 0)
  const first = Math.max(last - OPEN_AUCTIONS, 0)
  return first + dice.below(last - first + 1 + LEAD)
}

function hot(last: number): number {
  return Math.floor(Math.max(last, 0) / HOT_EVERY) * HOT_EVERY
}

function personOf(n: number, dice: Dice): Person {
  const [city, state] = dice.oneOf(CITIES)
  const [first, last] = [dice.oneOf(FIRST_NAMES), dice.oneOf(LAST_NAMES)]
  const digits = Array.from({ length: 4 }, () => String(dice.below(10_000)).padStart(4, '0'))
  return {
    ...{ id: FIRST_ID + lastPerson(n), name: `${first} ${last}` },
    email: `${dice.text(7)}@${dice.text(5)}.com`,
    ...{ credit_card: digits.join(' '), city, state, extra: dice.text(90) },
  }
}

function auctionOf(n: number, time: number, perSecond: number, dice: Dice): Auction {
  const seller = dice.below(4) > 0 ? hot(lastPerson(n)) : somePerson(n, dice)
  const initial_bid = dice.price()
  // On average the auction is open until so many others have begun.
  const horizon = (OPEN_AUCTIONS * IN_A_ROW * 1000) / (AUCTIONS_IN_A_ROW * perSecond)
  return {
    ...{ id: FIRST_ID + lastAuction(n), item_name: dice.text(20), description: dice.text(100), initial_bid },
    ...{ reserve: initial_bid + dice.price(), expires: time + 1 + dice.below(Math.max(2 * horizon, 1)) },
    ...{
      seller: FIRST_ID + seller,
      category: FIRST_CATEGORY + dice.below(CATEGORIES),
      extra: dice.text(260),
    },
  }
}

function bidOf(n: number, dice: Dice): Bid {
  const auction = dice.below(2) > 0 ? hot(lastAuction(n)) : someAuction(n, dice)
  const bidder = dice.below(4) > 0 ? hot(lastPerson(n)) + 1 : somePerson(n, dice)
  const price = dice.price()
  const [channel, url] = dice.below(2) > 0 ? hotChannel(dice) : coldChannel(dice)
  return {
    ...{ auction: FIRST_ID + auction, bidder: FIRST_ID + bidder, price, channel, url },
    extra: dice.text(10),
  }
}

function hotChannel(dice: Dice): readonly [string, string] {
  const channel = dice.oneOf(HOT_CHANNELS)
  return [channel, urlOf(HOT_CHANNELS.indexOf(channel))]
}

function coldChannel(dice: Dice): readonly [string, string] {
  const number = dice.below(CHANNELS)
  return [`channel-${number}`, `${urlOf(number + HOT_CHANNELS.length)}&channel_id=${number}`]
}

/** The same for one channel. */
function urlOf(channel: number): string {
  const dice = new Dice(channel, 0)
  return `https://www.nexmark.com/${dice.text(5)}/${dice.text(5)}/${dice.text(5)}/item.htm?query=1`
}
