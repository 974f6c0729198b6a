import { arrayOf, type Field, type Row, scalar, structOf } from '@millrace/expr'

/** Which event is made: the index counts within a virtual partition. */
export interface EventSeed {
  readonly partition: number
  readonly index: number
  /** Event time, epoch ms. */
  readonly time: number
  /** A number in [0, 1) of this event's own; another salt gives another number. */
  random(salt: number): number
}

/** A kind of sample events. */
export interface Template {
  readonly title: string
  readonly fields: readonly Field[]
  row(event: EventSeed): Row
}

const STRING = scalar('string', false)
const INT64 = scalar('int64', false)
const TIME: Field = { name: 'ts', type: scalar('timestamp', false) }

const USERS = 500
const PRODUCTS = 100
const MAX_ITEMS = 3
const MAX_QUANTITY = 3
const MAX_PRICE_CENTS = 10_000

const ITEM: readonly Field[] = [
  { name: 'sku', type: STRING },
  { name: 'qty', type: INT64 },
  { name: 'price', type: scalar('double', false) },
]

/** All kinds of sample events, by the word that stands in the config. */
export const TEMPLATES = {
  orders: {
    title: 'Orders',
    fields: [
      { name: 'orderId', type: STRING },
      { name: 'userId', type: STRING },
      { name: 'items', type: arrayOf(structOf(ITEM, false), false) },
      { name: 'total', type: scalar('double', false) },
      TIME,
    ],
    row: orderOf,
  },
  clicks: {
    title: 'Clicks',
    fields: [
      { name: 'clickId', type: STRING },
      { name: 'userId', type: STRING },
      { name: 'sku', type: STRING },
      TIME,
    ],
    row: (event) => [
      `c-${event.partition}-${event.index}`,
      userName(event.random(1)),
      productName(event.random(2)),
      event.time,
    ],
  },
  payments: {
    title: 'Payments',
    fields: [
      { name: 'paymentId', type: STRING },
      { name: 'orderId', type: STRING },
      { name: 'userId', type: STRING },
      { name: 'amount', type: scalar('double', false) },
      TIME,
    ],
    row: paymentOf,
  },
  fulfilment: {
    title: 'Fulfilment of orders',
    fields: [
      { name: 'orderId', type: STRING },
      { name: 'kind', type: STRING },
      { name: 'userId', type: STRING },
      TIME,
    ],
    row: fulfilmentOf,
  },
  counter: {
    title: 'Counter',
    fields: [{ name: 'partition', type: INT64 }, { name: 'n', type: INT64 }, TIME],
    row: ({ partition, index, time }) => [partition, index, time],
  },
} as const satisfies Record<string, Template>

/** The word for a template. */
export type TemplateName = keyof typeof TEMPLATES

function orderOf(event: EventSeed): Row {
  const count = 1 + Math.floor(event.random(2) * MAX_ITEMS)
  const items = Array.from({ length: count }, (_, i) => itemOf(event, 3 * (i + 1)))
  const cents = items.reduce((sum, { qty, price }) => sum + qty * price, 0)
  return [
    `o-${event.partition}-${event.index}`,
    userName(event.random(1)),
    items.map(({ sku, qty, price }) => [sku, qty, price / 100]),
    cents / 100,
    event.time,
  ]
}

/**
 * Pays for four orders of five, one after the other, so that at four fifths of the rate of a generator of orders each is paid
 * about when it is made. One payment of fifty is far larger than the rest.
 */
function paymentOf(event: EventSeed): Row {
  const cents = 500 + Math.floor(event.random(2) * MAX_PRICE_CENTS)
  const amount = (event.random(3) < 0.02 ? cents * 40 : cents) / 100
  const order = event.index + Math.floor(event.index / 4)
  return [
    `p-${event.partition}-${event.index}`,
    `o-${event.partition}-${order}`,
    userName(event.random(1)),
    amount,
    event.time,
  ]
}

/** Events between the creation of an order and its shipment. */
const SHIPPED_AFTER = 5

/** By turns an order is created, and one that was created five turns before is shipped; one of ten is only paid. */
function fulfilmentOf({ partition, index, time, random }: EventSeed): Row {
  const turn = Math.floor(index / 2)
  const isCreation = index % 2 === 0
  const order = isCreation ? turn : Math.max(0, turn - SHIPPED_AFTER)
  const isShipped = turn >= SHIPPED_AFTER && order % 10 !== 3
  const kind = isCreation ? 'created' : isShipped ? 'shipped' : 'paid'
  return [`o-${partition}-${order}`, kind, userName(random(1)), time]
}

/** One item of an order; the price in cents, so that the total is exact. */
function itemOf(event: EventSeed, salt: number): { sku: string; qty: number; price: number } {
  return {
    sku: productName(event.random(salt)),
    qty: 1 + Math.floor(event.random(salt + 1) * MAX_QUANTITY),
    price: 1 + Math.floor(event.random(salt + 2) * MAX_PRICE_CENTS),
  }
}

function userName(random: number): string {
  return `u-${Math.floor(random * USERS)}`
}

function productName(random: number): string {
  return `sku-${Math.floor(random * PRODUCTS)}`
}
