import { UnstyledButton } from '@mantine/core'
import type { NodeDefinition, NodeKind } from '@millrace/graph'
import { useReactFlow } from '@xyflow/react'
import { Fragment } from 'react'
import { iconOf } from '../canvas/node-tile.tsx'
import { edgeAt } from '../canvas/things-at.ts'
import { Icon } from '../ui/icon.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
import { DragGhost, useDragOut } from './drag-out.tsx'
import styles from './palette.module.css'

const GROUPS: readonly { readonly kind: NodeKind; readonly label: string }[] = [
  { kind: 'source', label: 'Sources' },
  { kind: 'transform', label: 'Transforms' },
  { kind: 'sink', label: 'Sinks' },
]

/** All node types at the left: drag one onto the canvas, or click it to add it behind the selected node. */
export function Palette() {
  const { nodeTypes, view } = useWorkspace()
  const { actions } = useBuild()
  const flow = useReactFlow()
  const drag = useDragOut<NodeDefinition>({
    onOver(definition, point) {
      const edge = point && edgeAt(point)
      if (edge === view.getState().dropEdge) return
      view.setState({ dropEdge: edge !== null && actions.mayInsert(definition, edge) ? edge : null })
    },
    onDrop(definition, point) {
      const { dropEdge } = view.getState()
      if (dropEdge === null) actions.addAt(definition, flow.screenToFlowPosition(point))
      else actions.addIntoEdge(definition, dropEdge, flow.screenToFlowPosition(point))
    },
  })
  const types = nodeTypes.catalogue.list()
  return (
    <nav className={styles.rail} aria-label="Node palette">
      <UnstyledButton
        className={`${styles.item} ${styles.first}`}
        aria-keyshortcuts="N"
        onClick={() => view.setState({ picker: { kind: 'add' } })}
      >
        <Icon name="plus" />
        <span>Add node</span>
      </UnstyledButton>
      {GROUPS.map(({ kind, label }) => (
        <Fragment key={kind}>
          <hr className={styles.line} />
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
          <div role="group" aria-label={label} className={styles.group}>
            {types
              .filter((definition) => definition.kind === kind)
              .map((definition) => (
                <UnstyledButton
                  key={definition.type}
                  className={styles.item}
                  title={`${definition.summary} Drag it onto the canvas, or click.`}
                  data-node-type={definition.type}
                  {...drag.handlers(definition)}
                  onClick={() => {
                    if (!drag.wasDragged()) actions.addBesideSelection(definition)
                  }}
                >
                  <Icon name={iconOf(definition)} />
                  <span>{definition.title}</span>
                </UnstyledButton>
              ))}
          </div>
        </Fragment>
      ))}
      <DragGhost drag={drag}>{(definition) => definition.title}</DragGhost>
    </nav>
  )
}
