import { ActionIcon, Menu, Tabs, TextInput, UnstyledButton } from '@mantine/core'
import { findNode, type GraphNode } from '@millrace/graph'
import { lazy, Suspense } from 'react'
import { useBuild } from '../build/build-context.ts'
import { NodeTile } from '../canvas/node-tile.tsx'
import { t, tFrom } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { keyNames } from '../ui/keys.ts'
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
    <aside className={styles.panel} aria-label={t('Node {label}', { label: node.label })}>
      <PanelSplitter />
      <PanelHead node={node} />
      <Tabs
        className={styles.tabs}
        value={shown}
        keepMounted={false}
        onChange={(next) => view.setState({ panelTab: (next ?? 'settings') as PanelTab })}
      >
        <Tabs.List className={styles.tabList}>
          <Tabs.Tab value="settings">{t('Settings')}</Tabs.Tab>
          <Tabs.Tab value="fields">{t('Fields')}</Tabs.Tab>
          <Tabs.Tab value="note">{t('Note')}</Tabs.Tab>
          <Tabs.Tab value="help">{t('Help')}</Tabs.Tab>
          {isSearchable && <Tabs.Tab value="look-inside">{t('Look inside')}</Tabs.Tab>}
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
      label={t('Side panel')}
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
          {tFrom(definition?.title ?? node.type)} {t('· id')} <span className={styles.id}>{node.id}</span>
        </div>
      </div>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" size="sm" aria-label={t('More for {label}', { label: node.label })}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => actions.duplicateSelection()}
            rightSection={<kbd>{keyNames('Ctrl D')}</kbd>}
          >
            {t('Duplicate')}
          </Menu.Item>
          <Menu.Item
            color="err"
            onClick={() => actions.removeSelection()}
            rightSection={<kbd>{keyNames('Delete')}</kbd>}
          >
            {t('Delete')}
          </Menu.Item>
          <Menu.Item onClick={() => view.setState({ cover: 'connect' })} rightSection={<kbd>C</kbd>}>
            {t('Connect to…')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon variant="subtle" size="sm" aria-label={t('Close panel')} onClick={() => view.select([])}>
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
        aria-label={t('Rename {label}', { label: node.label })}
        onClick={() => view.setState({ renamed: node.id })}
      >
        {node.label || t('No name')}
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
      aria-label={t('Name of the node')}
      maxLength={200}
      autoFocus
      value={node.label}
      onChange={(event) =>
        document.edit(
          { kind: 'set-label', nodeId: node.id, label: event.currentTarget.value },
          { label: t('Rename a node'), fold: `label:${node.id}` },
        )
      }
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === 'Escape') leave()
      }}
    />
  )
}
