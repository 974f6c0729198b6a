import type { PipelineGraph } from '@millrace/graph'
import { AppError } from '../errors.ts'
import { filterATopic } from './filter-a-topic.ts'
import {
  clickToOrder,
  orderNotShipped,
  suspiciousPayments,
  topProducts,
  unpaidOrders,
  visitSessions,
} from './gallery.ts'
import { ordersByRegion } from './orders-by-region.ts'

/** What people look for among the templates. */
export const TEMPLATE_TOPICS = ['search', 'count', 'detect', 'join'] as const

/** A pipeline to begin with. */
export interface Template {
  readonly id: string
  readonly name: string
  /** One sentence: what it is for. */
  readonly summary: string
  /** What is learnt from it, in one sentence. */
  readonly teaches: string
  readonly topics: readonly (typeof TEMPLATE_TOPICS)[number][]
  /** Makes its own sample events, so that it shows something at once and everywhere. */
  readonly isGenerated: boolean
  readonly graph: PipelineGraph
}

/** All templates; the first is the one to start with. */
export const TEMPLATES: readonly Template[] = [
  {
    id: 'orders-by-region',
    name: ordersByRegion.name,
    summary: 'Removes noise and repeats from orders, adds who and what, and counts revenue per region.',
    teaches: 'How one stream is cleaned, looked up in two tables, made searchable and counted.',
    topics: ['search', 'count'],
    isGenerated: false,
    graph: ordersByRegion,
  },
  {
    id: 'suspicious-payments',
    name: suspiciousPayments.name,
    summary: 'Finds payments of five times what the user usually pays, and three payments within a minute.',
    teaches: 'How an event is compared with the history of its user, and sorted by reason.',
    topics: ['detect'],
    isGenerated: true,
    graph: suspiciousPayments,
  },
  {
    id: 'click-to-order',
    name: clickToOrder.name,
    summary:
      'Joins clicks with the orders that follow within 30 minutes, and counts conversions per product.',
    teaches: 'How two streams meet in time, and how windows overlap.',
    topics: ['join', 'count'],
    isGenerated: true,
    graph: clickToOrder,
  },
  {
    id: 'visit-sessions',
    name: visitSessions.name,
    summary: 'Groups the clicks of a user into visits that end after 30 minutes of silence.',
    teaches: 'How session windows end by themselves.',
    topics: ['count'],
    isGenerated: true,
    graph: visitSessions,
  },
  {
    id: 'order-not-shipped',
    name: orderNotShipped.name,
    summary: 'Warns of orders that were created and not shipped in time.',
    teaches: 'How to find what did not happen: A without B.',
    topics: ['detect'],
    isGenerated: true,
    graph: orderNotShipped,
  },
  {
    id: 'unpaid-orders',
    name: unpaidOrders.name,
    summary: 'Puts orders beside their payments, and sets those apart that nobody has paid.',
    teaches: 'How a left join tells when no partner can come any more.',
    topics: ['join', 'detect'],
    isGenerated: true,
    graph: unpaidOrders,
  },
  {
    id: 'top-products',
    name: topProducts.name,
    summary: 'Ranks the five products with most revenue in each minute.',
    teaches: 'How lists inside events become rows, and how the rows of a window are ranked.',
    topics: ['count'],
    isGenerated: true,
    graph: topProducts,
  },
  {
    id: 'filter-a-topic',
    name: filterATopic.name,
    summary: 'Copies the events of a topic that meet a condition into another topic.',
    teaches: 'The smallest pipeline that is of use.',
    topics: [],
    isGenerated: false,
    graph: filterATopic,
  },
]

/** @throws AppError `unknown_template` */
export function requireTemplate(id: string): PipelineGraph {
  const template = TEMPLATES.find((one) => one.id === id)
  if (template !== undefined) return template.graph
  const known = TEMPLATES.map((one) => `"${one.id}"`).join(', ')
  throw new AppError('unknown_template', `There is no template "${id}". Choose one of ${known}.`)
}
