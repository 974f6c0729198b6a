import { useLanguage } from '../i18n/language.ts'
import '@xyflow/react/dist/base.css'
import '../canvas/flow.css'
import { ReactFlowProvider } from '@xyflow/react'
import { type CSSProperties, useEffect, useMemo, useState } from 'react'
import { useConnections } from '../connections/connection-queries.ts'
import { Dock } from '../dock/dock.tsx'
import { SidePanel } from '../panel/side-panel.tsx'
import { onlySelected } from '../workspace/view-store.ts'
import { useView, useWorkspace } from '../workspace/workspace.ts'
import { BuildActions } from './build-actions.ts'
import { type Build, BuildContext } from './build-context.ts'
import styles from './build-page.module.css'
import { BuildCanvas } from './canvas.tsx'
import { createConnectStore } from './connect-store.ts'
import { Covers } from './covers.tsx'
import { createLightsStore, followSelection } from './lights-store.ts'
import { NodePicker } from './node-picker.tsx'
import { Outline } from './outline.tsx'
import { Palette } from './palette.tsx'
import { PartActions } from './part-actions.ts'
import { useNodeInUrl } from './use-node-in-url.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** px */
const OUTLINE_WIDTH = 232

/** Where a pipeline is drawn: palette, canvas, side panel, dock. */
export function BuildPage() {
  useLanguage()
  const build = useBuildParts()
  const { preview } = useWorkspace()
  useEffect(() => preview.follow(), [preview])
  const isOutlineOpen = useView((view) => view.isOutlineOpen)
  const hasPanel = useView((view) => onlySelected(view) !== null)
  const isDockOpen = useView((view) => view.isDockOpen)
  const panelWidth = useView((view) => view.panelWidth)
  const dockHeight = useView((view) => view.dockHeight)
  useNodeInUrl()
  return (
    <BuildContext value={build}>
      <ReactFlowProvider>
        <Shortcuts />
        <div
          className={styles.page}
          data-dock={isDockOpen || undefined}
          style={
            {
              '--panel-width': hasPanel ? `${panelWidth}px` : '0',
              '--dock-height': `${dockHeight}px`,
              '--outline-width': isOutlineOpen ? `${OUTLINE_WIDTH}px` : '0',
            } as CSSProperties
          }
        >
          <Palette />
          <Outline />
          <BuildCanvas />
          <SidePanel />
          <Dock />
        </div>
        <NodePicker />
        <Covers />
      </ReactFlowProvider>
    </BuildContext>
  )
}

function Shortcuts() {
  useShortcuts()
  return null
}

function useBuildParts(): Build {
  const workspace = useWorkspace()
  const { data: connections } = useConnections()
  const [lights] = useState(createLightsStore)
  useEffect(() => followSelection(lights, workspace), [lights, workspace])
  return useMemo(() => {
    const { document, nodeTypes } = workspace
    return {
      actions: new BuildActions({ workspace, connections: () => connections ?? [] }),
      connecting: createConnectStore({
        catalogue: nodeTypes.catalogue,
        graph: () => document.getState().graph,
      }),
      lights,
      parts: new PartActions(workspace),
    }
  }, [workspace, connections, lights])
}
