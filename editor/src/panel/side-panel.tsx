import { ActionIcon, Menu, Tabs, TextInput, UnstyledButton } from '@mantine/core'
import { findNode, type GraphNode } from '@millrace/graph'
import { lazy, Suspense } from 'react'
import { useBuild } from '../build/build-context.ts'
import { NodeTile } from '../canvas/node-tile.tsx'
import { Icon } from '../ui/icon.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { onlySelected, PANEL_WIDTH, type PanelTab } from '../workspace/view-store.ts'
import { useDocument, useView, useWorkspace } from '../workspace/workspace.ts'
import { FieldsTab } from './fields-tab.tsx'
import { HelpTab } from './help-tab.tsx'
import { NoteTab } from './note-tab.tsx'
import { SettingsTab } from './settings-tab.tsx'
import styles from './side-panel.module.css'

const LookInside = lazy(async () => ({
  default: (await import('../look-inside/look-inside.tsx')).LookInside,
}))

/** Everything about the selected node. Nothing while none or several are selected. */
export function SidePanel() {
  const selected = useView(onlySelected)
  const node = useDocument(({ graph }) => (selected === null ? undefined : findNode(graph, selected)))
  return node === undefined ? null : <NodePanel key={node.id} node={node} />
}

function NodePanel({ node }: { readonly node: GraphNode }) {
  const { nodeTypes, view } = useWorkspace()
  const tab = useView(({ panelTab }) => panelTab)
  const definition = nodeTypes.catalogue.get(node.type)
  const isSearchable = nodeTypes.runtimes.get(node.type)?.role === 'outbox-sink'
  const shown = tab === 'look-inside' && !isSearchable ? 'settings' : tab
  return (
    <aside className={styles.panel} aria-label={`Node ${node.label}`}>
      <PanelSplitter />
      <PanelHead node={node} />
      <Tabs
        className={styles.tabs}
        value={shown}
        keepMounted={false}
        onChange={(next) => view.setState({ panelTab: (next ?? 'settings') as PanelTab })}
      >
        <Tabs.List className={styles.tabList}>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="fields">Fields</Tabs.Tab>
          <Tabs.Tab value="note">Note</Tabs.Tab>
          <Tabs.Tab value="help">Help</Tabs.Tab>
          {isSearchable && <Tabs.Tab value="look-inside">Look inside</Tabs.Tab>}
        </Tabs.List>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <div className={styles.body} tabIndex={0}>
          <Tabs.Panel value="settings">
            <SettingsTab node={node} definition={definition} />
          </Tabs.Panel>
          <Tabs.Panel value="fields">
            <FieldsTab node={node} definition={definition} />
          </Tabs.Panel>
          <Tabs.Panel value="note">
            <NoteTab node={node} />
          </Tabs.Panel>
          <Tabs.Panel value="help">
            <HelpTab type={node.type} />
          </Tabs.Panel>
          {isSearchable && (
            <Tabs.Panel value="look-inside">
              <Suspense>
                <LookInside nodeId={node.id} />
              </Suspense>
            </Tabs.Panel>
          )}
        </div>
      </Tabs>
    </aside>
  )
}

function PanelSplitter() {
  const { view } = useWorkspace()
  const size = useView(({ panelWidth }) => panelWidth)
  return (
    <Splitter
      label="Side panel"
      edge="left"
      size={size}
      {...PANEL_WIDTH}
      onResize={(panelWidth) => view.setState({ panelWidth })}
    />
  )
}

function PanelHead({ node }: { readonly node: GraphNode }) {
  const { nodeTypes, view } = useWorkspace()
  const { actions } = useBuild()
  const definition = nodeTypes.catalogue.get(node.type)
  return (
    <div className={styles.head}>
      <NodeTile definition={definition} large />
      <div className="grow">
        <NodeLabel node={node} />
        <div className="caption">
          {definition?.title ?? node.type} · id <span className={styles.id}>{node.id}</span>
        </div>
      </div>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" size="sm" aria-label={`More for ${node.label}`}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => actions.duplicateSelection()} rightSection={<kbd>Ctrl D</kbd>}>
            Duplicate
          </Menu.Item>
          <Menu.Item color="err" onClick={() => actions.removeSelection()} rightSection={<kbd>Del</kbd>}>
            Delete
          </Menu.Item>
          <Menu.Item onClick={() => view.setState({ cover: 'connect' })} rightSection={<kbd>C</kbd>}>
            Connect to…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon variant="subtle" size="sm" aria-label="Close panel" onClick={() => view.select([])}>
        <Icon name="x" />
      </ActionIcon>
    </div>
  )
}

/** The node's name for people; a click makes it a field. */
function NodeLabel({ node }: { readonly node: GraphNode }) {
  const { document, view } = useWorkspace()
  const isEdited = useView(({ renamed }) => renamed === node.id)
  if (!isEdited) {
    return (
      <UnstyledButton
        className={styles.label}
        aria-label={`Rename ${node.label}`}
        onClick={() => view.setState({ renamed: node.id })}
      >
        {node.label || 'No name'}
      </UnstyledButton>
    )
  }
  const leave = () => {
    document.closeStep()
    view.setState({ renamed: null })
  }
  return (
    <TextInput
      size="xs"
      aria-label="Name of the node"
      maxLength={200}
      autoFocus
      value={node.label}
      onChange={(event) =>
        document.edit(
          { kind: 'set-label', nodeId: node.id, label: event.currentTarget.value },
          { label: 'Rename a node', fold: `label:${node.id}` },
        )
      }
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === 'Escape') leave()
      }}
    />
  )
}
