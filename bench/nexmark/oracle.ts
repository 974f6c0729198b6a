import type { Auction, Bid, NexmarkEvent, Person } from './events.ts'
import { type NexmarkName, SIDE_INPUT_ROWS } from './queries.ts'

/** A row of a result as JSON. */
export type ResultRow = { readonly [field: string]: unknown }

type Timed<Value> = Value & { readonly date_time: number }

interface Streams {
  readonly persons: readonly Timed<Person>[]
  readonly auctions: readonly Timed<Auction>[]
  readonly bids: readonly Timed<Bid>[]
}

/** What each query means, the slow and obvious way: loops over all events, nothing shared with the pipelines. */
export const NEXMARK_ORACLE: Readonly<Record<NexmarkName, (streams: Streams) => readonly ResultRow[]>> = {
  q0: ({ bids }) =>
    bids.map(({ auction, bidder, price, channel, url, date_time, extra }) => ({
      ...{ auction, bidder, price, channel, url, date_time, extra },
    })),
  q1: ({ bids }) =>
    bids.map(({ auction, bidder, price, date_time, extra }) => ({
      ...{ auction, bidder, price: converted(price), date_time, extra },
    })),
  q2: ({ bids }) =>
    bids.filter(({ auction }) => auction % 123 === 0).map(({ auction, price }) => ({ auction, price })),
  q3: ({ auctions, persons }) =>
    auctions
      .filter(({ category }) => category === 10)
      .flatMap(({ id, seller }) =>
        persons
          .filter((person) => person.id === seller && ['OR', 'ID', 'CA'].includes(person.state))
          .map(({ name, city, state }) => ({ auction: id, name, city, state })),
      ),
  q5: ({ bids }) => {
    const times = bids.map(({ date_time }) => date_time)
    const rows: ResultRow[] = []
    for (let start = floor(times[0]!, 2000) - 8000; start <= times.at(-1)!; start += 2000) {
      const inside = bids.filter(({ date_time }) => date_time >= start && date_time < start + 10_000)
      const counts = [...Map.groupBy(inside, ({ auction }) => auction)].map(([auction, all]) => ({
        auction,
        num: all.length,
      }))
      const most = Math.max(...counts.map(({ num }) => num))
      rows.push(...counts.filter(({ num }) => num === most).map((row) => ({ ...row, start })))
    }
    return rows
  },
  q7: ({ bids }) =>
    bids
      .filter(({ price, date_time }) => {
        const start = floor(date_time, 10_000)
        return !bids.some(
          (other) => other.price > price && other.date_time >= start && other.date_time < start + 10_000,
        )
      })
      .map(({ auction, price, bidder, date_time, extra }) => ({ auction, price, bidder, date_time, extra })),
  q8: ({ persons, auctions }) =>
    persons
      .filter((person) =>
        auctions.some(
          ({ seller, date_time }) =>
            seller === person.id && floor(date_time, 10_000) === floor(person.date_time, 10_000),
        ),
      )
      .map(({ id, name, date_time }) => ({ id, name, window_start: floor(date_time, 10_000) })),
  q11: ({ bids }) =>
    groups(bids, ({ bidder }) => [bidder]).flatMap((all) => {
      const rows: { bidder: number; window_start: number; window_end: number; bid_count: number }[] = []
      for (const { bidder, date_time } of all) {
        const open = rows.at(-1)
        if (open === undefined || date_time > open.window_end)
          rows.push({ bidder, window_start: date_time, window_end: date_time + 10_000, bid_count: 1 })
        else Object.assign(open, { window_end: date_time + 10_000, bid_count: open.bid_count + 1 })
      }
      return rows
    }),
  q13: ({ bids }) =>
    bids.map(({ auction, bidder, price, date_time }) => ({
      ...{ auction, bidder, price, date_time, value: `value ${auction % SIDE_INPUT_ROWS}` },
    })),
  q14: ({ bids }) =>
    bids
      .filter(({ price }) => price * 908 > 1_000_000_000 && price * 908 < 50_000_000_000)
      .map(({ auction, bidder, price, date_time, extra }) => ({
        ...{ auction, bidder, price: converted(price), date_time, extra },
        bid_time_type: timeOfDay(new Date(date_time).getUTCHours()),
        c_counts: [...extra].filter((letter) => letter === 'c').length,
      })),
  q15: ({ bids }) => groups(bids, day).map((all) => ({ ...window(all), ...counts(all), ...distinct(all) })),
  q16: ({ bids }) =>
    groups(bids, (bid) => [bid.channel, ...day(bid)]).map((all) => ({
      channel: all[0]!.channel,
      ...window(all),
      minute: all
        .map(({ date_time }) => new Date(date_time).toISOString().slice(11, 16))
        .sort()
        .at(-1),
      ...counts(all),
      ...distinct(all),
    })),
  q17: ({ bids }) =>
    groups(bids, (bid) => [bid.auction, ...day(bid)]).map((all) => {
      const prices = all.map(({ price }) => price)
      const sum = prices.reduce((total, price) => total + price, 0)
      return {
        ...{ auction: all[0]!.auction, ...window(all), ...counts(all) },
        ...{ min_price: Math.min(...prices), max_price: Math.max(...prices) },
        ...{ avg_price: sum / prices.length, sum_price: sum },
      }
    }),
  q18: ({ bids }) =>
    groups(bids, ({ bidder, auction }) => [bidder, auction]).map((all) => {
      const { auction, bidder, price, channel, url, date_time, extra } = all.at(-1)!
      return { auction, bidder, price, channel, url, date_time, extra }
    }),
  q19: ({ bids }) =>
    groups(bids, ({ auction }) => [auction]).flatMap((all) =>
      all
        .toSorted((a, b) => b.price - a.price || a.date_time - b.date_time)
        .slice(0, 10)
        .map(({ auction, bidder, price, channel, url, date_time, extra }, i) => ({
          ...{ auction, bidder, price, channel, url, date_time, extra, rank: i + 1 },
        })),
    ),
  q20: ({ bids, auctions }) =>
    bids.flatMap(({ auction, bidder, price, channel, url, date_time }) =>
      auctions
        .filter(({ id, category }) => id === auction && category === 10)
        .map(({ item_name, seller, category }) => ({
          ...{ auction, bidder, price, channel, url, date_time, item_name, seller, category },
        })),
    ),
  q21: ({ bids }) =>
    bids.flatMap(({ auction, bidder, price, channel, url }) => {
      const known = ['Apple', 'Google', 'Facebook', 'Baidu'].indexOf(channel)
      const channel_id = known >= 0 ? String(known) : new URL(url).searchParams.get('channel_id')
      return channel_id === null ? [] : [{ auction, bidder, price, channel, channel_id }]
    }),
  q22: ({ bids }) =>
    bids.map(({ auction, bidder, price, channel, url }) => {
      const [, , , dir1, dir2, dir3] = url.split('/')
      return { auction, bidder, price, channel, dir1, dir2, dir3 }
    }),
}

/** Persons, auctions and bids of an event list, in its order. */
export function streamsOf(events: readonly NexmarkEvent[]): Streams {
  return {
    persons: events.flatMap((e) => (e.event_type === 0 ? [{ ...e.person, date_time: e.date_time }] : [])),
    auctions: events.flatMap((e) => (e.event_type === 1 ? [{ ...e.auction, date_time: e.date_time }] : [])),
    bids: events.flatMap((e) => (e.event_type === 2 ? [{ ...e.bid, date_time: e.date_time }] : [])),
  }
}

function floor(time: number, step: number): number {
  return Math.floor(time / step) * step
}

/** 0.908 of a price, exact to the third digit. */
function converted(price: number): number {
  return Number(`${price * 908}e-3`)
}

function timeOfDay(hour: number): string {
  if (hour >= 8 && hour <= 18) return 'dayTime'
  return hour <= 6 || hour >= 20 ? 'nightTime' : 'otherTime'
}

function groups<Value>(
  values: readonly Value[],
  key: (value: Value) => readonly unknown[],
): readonly Value[][] {
  return [...Map.groupBy(values, (value) => JSON.stringify(key(value))).values()]
}

const DAY = 86_400_000

function day({ date_time }: { readonly date_time: number }): readonly number[] {
  return [floor(date_time, DAY)]
}

function window([first]: readonly Timed<Bid>[]): ResultRow {
  const start = floor(first!.date_time, DAY)
  return { window_start: start, window_end: start + DAY }
}

const RANKS: Readonly<Record<string, (bid: Bid) => boolean>> = {
  total: () => true,
  rank1: ({ price }) => price < 10_000,
  rank2: ({ price }) => price >= 10_000 && price < 1_000_000,
  rank3: ({ price }) => price >= 1_000_000,
}

function counts(bids: readonly Bid[]): ResultRow {
  const rows = Object.entries(RANKS).map(([name, fits]) => [`${name}_bids`, bids.filter(fits).length])
  return Object.fromEntries(rows)
}

function distinct(bids: readonly Bid[]): ResultRow {
  const rows = Object.entries(RANKS).flatMap(([name, fits]) =>
    (['bidder', 'auction'] as const).flatMap((field) => [
      [`${name}_${field}s`, new Set(bids.filter(fits).map((bid) => bid[field])).size],
      [`${name}_${field}s_approximate`, false],
    ]),
  )
  return Object.fromEntries(rows)
}
