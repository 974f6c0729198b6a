import { defineNode } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { hint } from '../../config/hint.ts'
import { choiceSetting, closed, durationSetting } from '../../config/settings.ts'
import { TEMPLATES } from './templates.ts'

const config = Type.Object(
  {
    template: choiceSetting(
      { title: 'Events', description: 'What kind of sample events to make.', default: 'orders' },
      {
        orders: 'Orders',
        clicks: 'Clicks',
        payments: 'Payments',
        fulfilment: 'Fulfilment of orders',
        counter: 'Counter',
      },
    ),
    ratePerSecond: Type.Integer({
      title: 'Events per second',
      description: 'Over all partitions together.',
      default: 10,
      minimum: 1,
      maximum: 100_000,
      ...hint('number'),
    }),
    partitions: Type.Integer({
      title: 'Partitions',
      description: 'Virtual partitions: so many tasks make events side by side.',
      default: 1,
      minimum: 1,
      maximum: 64,
      ...hint('number', { advanced: true }),
    }),
    seed: Type.Integer({
      title: 'Seed',
      description: 'Another seed gives other events; the same seed always gives the same ones.',
      default: 1,
      minimum: 0,
      maximum: 2_147_483_647,
      ...hint('number', { advanced: true }),
    }),
    outOfOrderness: durationSetting({
      title: 'Out of order by up to',
      description: 'How far event times fall behind the order in which events are made. None is late.',
      default: 0,
      minimum: 0,
      maximum: 3_600_000,
    }),
  },
  closed,
)

/** Settings of a generator. */
export type GeneratorConfig = Static<typeof config>

/** Makes sample events. */
export const generator = defineNode<GeneratorConfig>({
  type: 'generator',
  version: 1,
  kind: 'source',
  title: 'Generator',
  summary: 'Makes sample events, the same ones each time.',
  icon: 'gen',
  config,
  defaults: { template: 'orders', ratePerSecond: 10, partitions: 1, seed: 1, outOfOrderness: 0 },
  inputs: [],
  outputs: [{ name: 'out', label: 'Events' }],
  digest: ({ template, ratePerSecond }) => `${template}, ${ratePerSecond} per second`,
  infer: ({ template }) => ({
    outputs: { out: { fields: TEMPLATES[template].fields, partitionedBy: null, eventTimeField: 'ts' } },
    issues: [],
  }),
})
