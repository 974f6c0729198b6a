import type { NodeConfig, PipelineGraph } from '@millrace/graph'
import type { Nodes } from '../support/flow-graph.ts'
import { nexmarkPipeline } from './pipeline.ts'

/** A query as a pipeline. */
export interface NexmarkQuery {
  readonly title: string
  readonly pipeline: PipelineGraph
  /** Fields that name a row of an updating result, of which only the last counts; empty where rows are final. */
  readonly key: readonly string[]
}

const SECOND = 1_000
const DAY = 86_400_000
/** Longer than any run: partners of the joins that SQL does not bound are found however far apart. */
const ALL_TIME = DAY
/** Events name persons and auctions that come up to ten ids later: 500 events, at 50 events per second and more. */
const LEAD = 10 * SECOND

function condition(text: string): Nodes[string] {
  return ['filter', { condition: text }]
}

/** Nothing but these: `name` alone, or `name: expression`. */
function choose(...fields: readonly string[]): Nodes[string] {
  const derived = fields.map((field) => {
    const [name = '', ...expression] = field.split(': ')
    return { name, expression: expression.length === 0 ? name : expression.join(': ') }
  })
  return ['select', { rest: 'drop', fields: derived }]
}

const BIDS: Nodes = {
  onlyBids: condition('event_type = 2'),
  bids: choose(
    'auction: bid.auction',
    'bidder: bid.bidder',
    'price: bid.price',
    'channel: bid.channel',
    'url: bid.url',
    'date_time',
    'extra: bid.extra',
  ),
}
const TO_BIDS = 'events onlyBids, onlyBids bids'

const AUCTIONS: Nodes = {
  onlyAuctions: condition('event_type = 1'),
  auctions: choose(
    'id: auction.id',
    'item_name: auction.item_name',
    'seller: auction.seller',
    'category: auction.category',
    'date_time',
  ),
}
const TO_AUCTIONS = 'events onlyAuctions, onlyAuctions auctions'

const PERSONS: Nodes = {
  onlyPersons: condition('event_type = 0'),
  persons: choose(
    'id: person.id',
    'name: person.name',
    'city: person.city',
    'state: person.state',
    'date_time',
  ),
}
const TO_PERSONS = 'events onlyPersons, onlyPersons persons'

interface Rest {
  readonly nodes?: Nodes
  readonly flows: string
  readonly key?: readonly string[]
}

function query(name: string, title: string, { nodes = {}, flows, key = [] }: Rest): NexmarkQuery {
  return { title, pipeline: nexmarkPipeline(name, nodes, flows, key), key }
}

function overBids(
  name: string,
  title: string,
  nodes: Nodes,
  flows: string,
  key?: readonly string[],
): NexmarkQuery {
  return query(name, title, {
    nodes: { ...BIDS, ...nodes },
    flows: `${TO_BIDS}, ${flows}`,
    ...(key && { key }),
  })
}

/** Counts of all bids, and of those in three ranges of price. */
const COUNTS = [
  { function: 'count', as: 'total_bids' },
  { function: 'count', where: 'price < 10000', as: 'rank1_bids' },
  { function: 'count', where: 'price >= 10000 and price < 1000000', as: 'rank2_bids' },
  { function: 'count', where: 'price >= 1000000', as: 'rank3_bids' },
]

function distinct(argument: string, name: string, where?: string) {
  return { function: 'count_distinct', argument, as: name, exactUpTo: 10_000, ...(where && { where }) }
}

const DISTINCT = ['bidder', 'auction'].flatMap((field) => [
  distinct(field, `total_${field}s`),
  distinct(field, `rank1_${field}s`, 'price < 10000'),
  distinct(field, `rank2_${field}s`, 'price >= 10000 and price < 1000000'),
  distinct(field, `rank3_${field}s`, 'price >= 1000000'),
])

/** Figures of each day, brought up to date every ten seconds of event time. */
function daily(groupBy: readonly string[], aggregates: readonly object[]): Nodes[string] {
  const settings = { size: DAY, output: 'updating', earlyUpdates: 10 * SECOND }
  return ['window', { ...settings, groupBy: [...groupBy], aggregates } as NodeConfig]
}

/** Rows of the side input of q13. */
export const SIDE_INPUT_ROWS = 10_000

function sideInput(): string {
  const rows = Array.from({ length: SIDE_INPUT_ROWS }, (_, i) => `${i},value ${i}`)
  return ['key,value', ...rows].join('\n')
}

/** The queries of Nexmark that Millrace has nodes for; docs/nexmark.md says how each is expressed. */
export const NEXMARK_QUERIES = {
  q0: overBids('q0', 'every bid as it is', {}, 'bids results'),
  q1: overBids(
    'q1',
    'prices in another currency',
    { convert: choose('auction', 'bidder', "price: decimal '0.908' * price", 'date_time', 'extra') },
    'bids convert, convert results',
  ),
  q2: overBids(
    'q2',
    'bids on some auctions',
    { some: condition('mod(auction, 123) = 0'), price: choose('auction', 'price') },
    'bids some, some price, price results',
  ),
  q3: query('q3', 'who sells in a category, from three states', {
    nodes: {
      ...AUCTIONS,
      ...PERSONS,
      category: condition('category = 10'),
      states: condition("state in ('OR', 'ID', 'CA')"),
      sellers: [
        'join',
        {
          ...{ on: [{ left: 'seller', right: 'id' }], lower: -ALL_TIME, upper: LEAD, fields: 'chosen' },
          leftFields: [{ field: 'id', as: 'auction' }],
          rightFields: ['name', 'city', 'state'].map((field) => ({ field, as: '' })),
        },
      ],
    },
    flows: `${TO_AUCTIONS}, ${TO_PERSONS}, auctions category, persons states, category sellers:left, states sellers:right, sellers results`,
  }),
  q5: overBids(
    'q5',
    'the auctions with the most bids of the last 10 s, every 2 s',
    {
      counts: [
        'window',
        {
          ...{ kind: 'hopping', size: 10 * SECOND, slide: 2 * SECOND, groupBy: ['auction'] },
          aggregates: [{ function: 'count', as: 'num' }],
        },
      ],
      hops: choose('auction', 'num', 'start: window_start'),
      // The results of one hopping window have one time, and are all there are in 2 s.
      most: [
        'window',
        {
          size: 2 * SECOND,
          groupBy: ['start'],
          aggregates: [{ function: 'max', argument: 'num', as: 'most' }],
        },
      ],
      hottest: [
        'join',
        {
          ...{ on: [{ left: 'start', right: 'start' }], lower: 0, upper: 0, fields: 'chosen' },
          condition: 'left.num >= right.most',
          leftFields: ['auction', 'num', 'start'].map((field) => ({ field, as: '' })),
          rightFields: [],
        },
      ],
    },
    'bids counts, counts hops, hops most, hops hottest:left, most hottest:right, hottest results',
  ),
  q7: overBids(
    'q7',
    'the highest bid of every 10 s',
    {
      highest: [
        'window',
        { size: 10 * SECOND, aggregates: [{ function: 'max', argument: 'price', as: 'maxprice' }] },
      ],
      // The result of a window has the time of its last millisecond.
      ofWindow: [
        'join',
        {
          ...{
            on: [{ left: 'price', right: 'maxprice' }],
            lower: 0,
            upper: 10 * SECOND - 1,
            fields: 'chosen',
          },
          leftFields: ['auction', 'price', 'bidder', 'date_time', 'extra'].map((field) => ({
            field,
            as: '',
          })),
          rightFields: [],
        },
      ],
    },
    'bids highest, bids ofWindow:left, highest ofWindow:right, ofWindow results',
  ),
  q8: query('q8', 'persons who came and sold something within the same 10 s', {
    nodes: {
      ...AUCTIONS,
      ...PERSONS,
      came: ['window', { size: 10 * SECOND, groupBy: ['id', 'name'] }],
      sold: ['window', { size: 10 * SECOND, groupBy: ['seller'] }],
      both: [
        'join',
        {
          on: [
            { left: 'id', right: 'seller' },
            { left: 'window_start', right: 'window_start' },
          ],
          ...{ lower: 0, upper: 0, fields: 'chosen', rightFields: [] },
          leftFields: ['id', 'name', 'window_start'].map((field) => ({ field, as: '' })),
        },
      ],
    },
    flows: `${TO_AUCTIONS}, ${TO_PERSONS}, persons came, auctions sold, came both:left, sold both:right, both results`,
  }),
  q11: overBids(
    'q11',
    'bids of each bidder until a pause of 10 s',
    {
      sessions: [
        'window',
        {
          ...{ kind: 'session', gap: 10 * SECOND, groupBy: ['bidder'] },
          aggregates: [{ function: 'count', as: 'bid_count' }],
        },
      ],
    },
    'bids sessions, sessions results',
  ),
  q13: overBids(
    'q13',
    'a value from a table',
    {
      side: choose('auction', 'bidder', 'price', 'date_time', `side: mod(auction, ${SIDE_INPUT_ROWS})`),
      table: [
        'enrich',
        {
          ...{ reference: 'table', table: sideInput(), keyField: 'key', key: 'side', miss: 'drop' },
          columns: [
            { name: 'key', type: 'int64 not null' },
            { name: 'value', type: 'string not null' },
          ],
          add: [{ field: 'value', as: '' }],
        },
      ],
      chosen: choose('auction', 'bidder', 'price', 'date_time', 'value'),
    },
    'bids side, side table, table chosen, chosen results',
  ),
  q14: overBids(
    'q14',
    'computations over each bid',
    {
      priced: condition("decimal '0.908' * price > 1000000 and decimal '0.908' * price < 50000000"),
      computed: choose(
        'auction',
        'bidder',
        "price: decimal '0.908' * price",
        "bid_time_type: case when hour(date_time) between 8 and 18 then 'dayTime' when hour(date_time) <= 6 or hour(date_time) >= 20 then 'nightTime' else 'otherTime' end",
        'date_time',
        'extra',
        "c_counts: length(extra) - length(replace(extra, 'c', ''))",
      ),
    },
    'bids priced, priced computed, computed results',
  ),
  q15: overBids(
    'q15',
    'figures of each day',
    { figures: daily([], [...COUNTS, ...DISTINCT]) },
    'bids figures, figures results',
    ['window_start'],
  ),
  q16: overBids(
    'q16',
    'figures of each channel and day',
    {
      figures: daily(
        ['channel'],
        [
          { function: 'max', argument: "format_timestamp(date_time, 'HH:mm')", as: 'minute' },
          ...COUNTS,
          ...DISTINCT,
        ],
      ),
    },
    'bids figures, figures results',
    ['channel', 'window_start'],
  ),
  q17: overBids(
    'q17',
    'figures of each auction and day',
    {
      figures: daily(
        ['auction'],
        [
          ...COUNTS,
          ...['min', 'max', 'avg', 'sum'].map((name) => ({
            function: name,
            argument: 'price',
            as: `${name}_price`,
          })),
        ],
      ),
    },
    'bids figures, figures results',
    ['auction', 'window_start'],
  ),
  q18: overBids(
    'q18',
    'the last bid of each bidder on each auction',
    { last: ['dedupe', { key: ['bidder', 'auction'], keep: 'last', order: 'event', ttl: ALL_TIME }] },
    'bids last, last results',
    ['bidder', 'auction'],
  ),
  q19: overBids(
    'q19',
    'the ten highest bids on each auction',
    {
      highest: [
        'top-n',
        {
          ...{ per: 'stream', n: 10, partitionBy: ['auction'], rank: 'rank', ttl: ALL_TIME },
          orderBy: [
            { field: 'price', direction: 'desc', nulls: 'last' },
            { field: 'date_time', direction: 'asc', nulls: 'last' },
          ],
        },
      ],
    },
    'bids highest, highest results',
    ['auction', 'rank'],
  ),
  q20: query('q20', 'bids with their auctions of one category', {
    nodes: {
      ...BIDS,
      ...AUCTIONS,
      category: condition('category = 10'),
      expanded: [
        'join',
        {
          ...{ on: [{ left: 'auction', right: 'id' }], lower: -ALL_TIME, upper: LEAD, fields: 'chosen' },
          leftFields: ['auction', 'bidder', 'price', 'channel', 'url', 'date_time'].map((field) => ({
            field,
            as: '',
          })),
          rightFields: ['item_name', 'seller', 'category'].map((field) => ({ field, as: '' })),
        },
      ],
    },
    flows: `${TO_BIDS}, ${TO_AUCTIONS}, auctions category, bids expanded:left, category expanded:right, expanded results`,
  }),
  q21: overBids(
    'q21',
    'the id of the channel of each bid',
    {
      known: condition(
        "lower(channel) in ('apple', 'google', 'facebook', 'baidu') or regexp_like(url, '(?:&|^)channel_id=')",
      ),
      ids: choose(
        'auction',
        'bidder',
        'price',
        'channel',
        "channel_id: case lower(channel) when 'apple' then '0' when 'google' then '1' when 'facebook' then '2' when 'baidu' then '3' else regexp_extract(url, '(?:&|^)channel_id=([^&]*)', 1) end",
      ),
    },
    'bids known, known ids, ids results',
  ),
  q22: overBids(
    'q22',
    'folders of the address of each bid',
    {
      folders: choose(
        'auction',
        'bidder',
        'price',
        'channel',
        "dir1: split_part(url, '/', 4)",
        "dir2: split_part(url, '/', 5)",
        "dir3: split_part(url, '/', 6)",
      ),
    },
    'bids folders, folders results',
  ),
} satisfies Record<string, NexmarkQuery>

/** The name of a query. */
export type NexmarkName = keyof typeof NEXMARK_QUERIES
