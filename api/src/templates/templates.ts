import type { PipelineGraph } from '@millrace/graph'
import { AppError } from '../errors.ts'
import { filterATopic } from './filter-a-topic.ts'
import { ordersByRegion } from './orders-by-region.ts'

/** A pipeline to begin with. */
export interface Template {
  readonly id: string
  readonly name: string
  /** One sentence: what it is for. */
  readonly summary: string
  readonly graph: PipelineGraph
}

/** All templates; the first is the one to start with. */
export const TEMPLATES: readonly Template[] = [
  {
    id: 'orders-by-region',
    name: ordersByRegion.name,
    summary: 'Removes noise and repeats from orders, adds who and what, and counts revenue per region.',
    graph: ordersByRegion,
  },
  {
    id: 'filter-a-topic',
    name: filterATopic.name,
    summary: 'Copies the events of a topic that meet a condition into another topic.',
    graph: filterATopic,
  },
]

/** @throws AppError `unknown_template` */
export function requireTemplate(id: string): PipelineGraph {
  const template = TEMPLATES.find((one) => one.id === id)
  if (template === undefined) throw new AppError('unknown_template', `There is no template "${id}".`)
  return template.graph
}
