import { defineNode } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { passOn } from '../../config/pass-on.ts'
import { choiceSetting, closed } from '../../config/settings.ts'

const config = Type.Object(
  {
    missing: choiceSetting(
      {
        title: 'Fields that one stream lacks',
        description: 'What happens where a field is not in all streams.',
        default: 'refuse',
      },
      { refuse: 'Refuse', fill: 'Fill with null' },
    ),
  },
  closed,
)

/** Settings of a union. */
export type UnionConfig = Static<typeof config>

/** Puts streams with the same fields together. */
export const union = defineNode<UnionConfig>({
  type: 'union',
  version: 1,
  kind: 'transform',
  title: 'Union',
  summary: 'Puts streams with the same fields together.',
  icon: 'union',
  config,
  defaults: { missing: 'refuse' },
  inputs: [
    {
      name: 'in',
      label: 'Streams',
      edges: 'many',
      updates: { refused: 'a row of one stream could overwrite a row of another' },
      missingFields: ({ missing }) =>
        missing === 'fill' ? 'fill' : { fix: { label: 'Fill with null', path: ['missing'], value: 'fill' } },
    },
  ],
  outputs: [{ name: 'out', label: 'All events' }],
  digest: ({ missing }) => (missing === 'fill' ? 'fills with null' : 'same fields'),
  infer: (_, { in: input }) => ({ outputs: passOn(input), issues: [] }),
})
