import { Modal } from '@mantine/core'
import type { NodeDefinition } from '@millrace/graph'
import { useMemo } from 'react'
import { NodeTile } from '../canvas/node-tile.tsx'
import type { PickerRequest } from '../workspace/view-store.ts'
import { useView, useWorkspace } from '../workspace/workspace.ts'
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
  const types = useMemo(
    () => (request.kind === 'edge' ? actions.fitting(request.edgeId) : nodeTypes.catalogue.list()),
    [request, actions, nodeTypes],
  )
  const close = () => view.setState({ picker: null })
  const choose = (definition: NodeDefinition) => {
    close()
    if (request.kind === 'edge') actions.addIntoEdge(definition, request.edgeId)
    else actions.addBesideSelection(definition)
  }
  return (
    <Modal
      opened
      onClose={close}
      title={request.kind === 'edge' ? `Insert a node: ${types.length} fit here` : 'Add a node'}
      size={420}
    >
      <ChoiceList
        label="Search node types"
        listLabel="Node types"
        placeholder="Filter, window, Kafka …"
        search={(text) => types.filter((definition) => fits(definition, text))}
        keyOf={({ type }) => type}
        show={showType}
        empty={(text) =>
          types.length === 0 ? 'No node type fits between these two.' : `No node type is called “${text}”.`
        }
        onChoose={choose}
      />
    </Modal>
  )
}

function showType(definition: NodeDefinition) {
  return (
    <>
      <NodeTile definition={definition} />
      <span>
        <span className="strong">{definition.title}</span>
        <span className={`caption ${styles.summary}`}>{definition.summary}</span>
      </span>
    </>
  )
}

function fits({ title, type, summary }: NodeDefinition, search: string): boolean {
  return `${title} ${type} ${summary}`.toLowerCase().includes(search.trim().toLowerCase())
}
