import type { StreamSchema } from '@millrace/graph'
import { OperatorDriver } from '../../config/operator-driver.test-helper.ts'
import { windowRuntime } from './operator.ts'
import type { WindowConfig } from './settings.ts'

/** Drives a window by hand: events, watermarks and restarts. */
export class WindowDriver extends OperatorDriver<WindowConfig> {
  constructor(config: WindowConfig, input: StreamSchema) {
    super(windowRuntime, config, input)
  }
}
