import { Modal } from '@mantine/core'
import type { Catalogue, NodeDefinition } from '@millrace/graph'
import { useMemo } from 'react'
import { NodeTile } from '../canvas/node-tile.tsx'
import { t, tFrom } from '../i18n/t.ts'
import type { PickerRequest } from '../workspace/view-store.ts'
import { useView, useWorkspace } from '../workspace/workspace.ts'
import type { BuildActions } from './build-actions.ts'
import { useBuild } from './build-context.ts'
import { ChoiceList } from './choice-list.tsx'
import styles from './node-picker.module.css'

/** Chooses a node type by keyboard: type, arrows, Enter. */
export function NodePicker() {
  const request = useView((view) => view.picker)
  return request === null ? null : <OpenPicker request={request} />
}

function OpenPicker({ request }: { readonly request: PickerRequest }) {
  const { view, nodeTypes } = useWorkspace()
  const { actions } = useBuild()
  const types = useMemo(() => typesFor(request, actions, nodeTypes.catalogue), [request, actions, nodeTypes])
  const close = () => view.setState({ picker: null })
  return (
    <Modal opened onClose={close} title={titleOf(request, types.length)} size={420}>
      <ChoiceList
        label={t('Search node types')}
        listLabel={t('Node types')}
        placeholder={t('Filter, window, Kafka …')}
        search={(text) => types.filter((definition) => fits(definition, text))}
        keyOf={({ type }) => type}
        show={showType}
        empty={(text) =>
          types.length === 0 ? t('No node type fits here.') : t('No node type is called “{text}”.', { text })
        }
        onChoose={(definition) => {
          close()
          add(request, actions, definition)
        }}
      />
    </Modal>
  )
}

function typesFor(
  request: PickerRequest,
  actions: BuildActions,
  catalogue: Catalogue,
): readonly NodeDefinition[] {
  switch (request.kind) {
    case 'add':
      return catalogue.list()
    case 'edge':
      return actions.fitting(request.edgeId)
    case 'end':
      return actions.fittingAt(request.end)
  }
}

function titleOf({ kind }: PickerRequest, count: number): string {
  if (kind === 'add') return t('Add a node')
  return kind === 'edge'
    ? t('Insert a node: {count} fit here', { count })
    : t('Add and connect: {count} fit here', { count })
}

function add(request: PickerRequest, actions: BuildActions, definition: NodeDefinition): void {
  if (request.kind === 'add') actions.addBesideSelection(definition)
  else if (request.kind === 'edge') actions.addIntoEdge(definition, request.edgeId)
  else actions.addAtEnd(definition, request.end, request.at)
}

function showType(definition: NodeDefinition) {
  return (
    <>
      <NodeTile definition={definition} />
      <span>
        <span className="strong">{tFrom(definition.title)}</span>
        <span className={`caption ${styles.summary}`}>{tFrom(definition.summary)}</span>
      </span>
    </>
  )
}

function fits({ title, type, summary }: NodeDefinition, search: string): boolean {
  return `${title} ${type} ${summary}`.toLowerCase().includes(search.trim().toLowerCase())
}
