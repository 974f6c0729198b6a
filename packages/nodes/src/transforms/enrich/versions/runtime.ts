import type { TransformRuntime } from '@millrace/engine'
import type { EnrichConfig } from '../settings.ts'
import { VersionsEnrich } from './operator.ts'
import { VERSION_KEY, versionStream } from './reference-stream.ts'
import { stateLayout } from './state.ts'

/** How an enrich runs whose reference is kept by key and version. */
export const versionsRuntime: TransformRuntime<EnrichConfig> = {
  role: 'transform',
  type: 'enrich',
  eventTime: true,
  keyFields: ({ key }, input) => (input === 0 ? [key] : [VERSION_KEY]),
  state: stateLayout,
  keyedReference: versionStream,
  create: (config, context) => new VersionsEnrich(config, context),
}
