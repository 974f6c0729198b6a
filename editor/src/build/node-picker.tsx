import { Modal, TextInput } from '@mantine/core'
import type { NodeDefinition } from '@millrace/graph'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { NodeTile } from '../canvas/node-tile.tsx'
import type { PickerRequest } from '../workspace/view-store.ts'
import { useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
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
      <TypeList types={types} onChoose={choose} />
    </Modal>
  )
}

interface TypeListProps {
  readonly types: readonly NodeDefinition[]
  readonly onChoose: (definition: NodeDefinition) => void
}

function TypeList({ types, onChoose }: TypeListProps) {
  const listId = useId()
  const [search, setSearch] = useState('')
  const [active, setActive] = useState(0)
  const shown = types.filter((definition) => fits(definition, search))
  const current = shown[Math.min(active, shown.length - 1)]
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setActive((active + step + shown.length) % Math.max(1, shown.length))
    }
    if (event.key === 'Enter' && current) {
      event.preventDefault()
      onChoose(current)
    }
  }
  return (
    <>
      <TextInput
        role="combobox"
        aria-label="Search node types"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={current && `${listId}-${current.type}`}
        placeholder="Filter, window, Kafka …"
        size="md"
        data-autofocus
        value={search}
        onKeyDown={onKey}
        onChange={(event) => {
          setSearch(event.currentTarget.value)
          setActive(0)
        }}
      />
      <div className={styles.list} role="listbox" id={listId} aria-label="Node types">
        {shown.map((definition) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and handles the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as above, by aria-activedescendant
          <div
            key={definition.type}
            id={`${listId}-${definition.type}`}
            role="option"
            aria-selected={definition === current}
            className={styles.option}
            onClick={() => onChoose(definition)}
          >
            <NodeTile definition={definition} />
            <span>
              <span className="strong">{definition.title}</span>
              <span className={`caption ${styles.summary}`}>{definition.summary}</span>
            </span>
          </div>
        ))}
        {shown.length === 0 && (
          <p className="small second">
            {types.length === 0
              ? 'No node type fits between these two.'
              : `No node type is called “${search}”.`}
          </p>
        )}
      </div>
    </>
  )
}

function fits({ title, type, summary }: NodeDefinition, search: string): boolean {
  return `${title} ${type} ${summary}`.toLowerCase().includes(search.trim().toLowerCase())
}
