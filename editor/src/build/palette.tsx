import { UnstyledButton } from '@mantine/core'
import type { NodeDefinition, NodeKind } from '@millrace/graph'
import { useReactFlow } from '@xyflow/react'
import { Fragment } from 'react'
import { iconOf } from '../canvas/node-tile.tsx'
import { edgeAt } from '../canvas/things-at.ts'
import { type Message, msg, t, tFrom } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
import { DragGhost, useDragOut } from './drag-out.tsx'
import styles from './palette.module.css'

const GROUPS: readonly { readonly kind: NodeKind; readonly label: Message }[] = [
  { kind: 'source', label: msg('Sources') },
  { kind: 'transform', label: msg('Transforms') },
  { kind: 'sink', label: msg('Sinks') },
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
    <nav className={styles.rail} aria-label={t('Node palette')}>
      <UnstyledButton
        className={`${styles.item} ${styles.first}`}
        aria-keyshortcuts="N"
        onClick={() => view.setState({ picker: { kind: 'add' } })}
      >
        <Icon name="plus" />
        <span>{t('Add node')}</span>
      </UnstyledButton>
      {GROUPS.map(({ kind, label }) => (
        <Fragment key={kind}>
          <hr className={styles.line} />
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
          <div role="group" aria-label={t(label)} className={styles.group}>
            {types
              .filter((definition) => definition.kind === kind)
              .map((definition) => (
                <UnstyledButton
                  key={definition.type}
                  className={styles.item}
                  title={t('{summary} Drag it onto the canvas, or click.', {
                    summary: tFrom(definition.summary),
                  })}
                  data-node-type={definition.type}
                  {...drag.handlers(definition)}
                  onClick={() => {
                    if (!drag.wasDragged()) actions.addBesideSelection(definition)
                  }}
                >
                  <Icon name={iconOf(definition)} />
                  <span>{tFrom(definition.title)}</span>
                </UnstyledButton>
              ))}
          </div>
        </Fragment>
      ))}
      <DragGhost drag={drag}>{(definition) => tFrom(definition.title)}</DragGhost>
    </nav>
  )
}
