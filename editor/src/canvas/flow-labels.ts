import type { AriaLabelConfig } from '@xyflow/react'
import { perLanguage, t } from '../i18n/t.ts'

/** What React Flow says to screen readers about cards and connections. */
export const flowLabels = perLanguage(
  (): Partial<AriaLabelConfig> => ({
    'node.a11yDescription.default': t(
      'Press enter or space to select a node. Press delete to remove it and escape to cancel.',
    ),
    'node.a11yDescription.keyboardDisabled': t(
      'Press enter or space to select a node. You can then use the arrow keys to move the node around. Press delete to remove it and escape to cancel.',
    ),
    'edge.a11yDescription.default': t(
      'Press enter or space to select an edge. You can then press delete to remove it or escape to cancel.',
    ),
  }),
)
