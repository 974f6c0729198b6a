import { Button, Modal } from '@mantine/core'
import { useReactFlow } from '@xyflow/react'
import { type ComponentType, lazy, Suspense, useEffect, useMemo } from 'react'
import { useNavigate } from 'react-router'
import { FIT } from '../canvas/zoom-tools.tsx'
import { t } from '../i18n/t.ts'
import { usePipelines } from '../pipelines/pipeline-queries.ts'
import { useAppearance } from '../theme/appearance.ts'
import { tour } from '../tour/tour-store.ts'
import { keyNames } from '../ui/keys.ts'
import { motionMs } from '../ui/motion.ts'
import type { Cover } from '../workspace/view-store.ts'
import { useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
import { ChangesDialog } from './changes-dialog.tsx'
import { ChoiceList } from './choice-list.tsx'
import { ConnectDialog } from './connect-dialog.tsx'
import styles from './covers.module.css'
import { type Place, placesOf, searchPlaces } from './search-places.ts'
import { useMiddle } from './use-middle.ts'
import { ALL_KEYS } from './use-shortcuts.ts'
import { useTidy } from './use-tidy.ts'

const PublishDialog = lazy(async () => ({
  default: (await import('../publish/publish-dialog.tsx')).PublishDialog,
}))

/** What keys, marks and buttons open over the page. */
export function Covers() {
  const { view } = useWorkspace()
  const cover = useView((state) => state.cover)
  // What leads to another page is not open any more when somebody comes back.
  useEffect(() => () => view.setState({ cover: null }), [view])
  if (cover === null) return null
  const Opened = COVERS[cover]
  return <Opened />
}

const COVERS: { readonly [Name in Cover]: ComponentType } = {
  search: SearchDialog,
  keys: KeySheet,
  connect: ConnectDialog,
  changes: ChangesDialog,
  publish: PublishCover,
}

function PublishCover() {
  const { view } = useWorkspace()
  return (
    <Suspense>
      <PublishDialog onClose={() => view.setState({ cover: null })} />
    </Suspense>
  )
}

/** Finds nodes, fields, actions and pipelines, and goes there. */
function SearchDialog() {
  const { view } = useWorkspace()
  const places = usePlaces()
  const close = () => view.setState({ cover: null })
  return (
    <Modal opened onClose={close} title={t('Search')} size={480}>
      <ChoiceList
        label={t('Search nodes, fields, actions and pipelines')}
        listLabel={t('Found')}
        placeholder={t('A node, a field, an action, a pipeline …')}
        search={(text) => searchPlaces(places, text)}
        keyOf={({ key }) => key}
        show={({ kind, label, detail }) => (
          <>
            <span className={`caption ${styles.kind}`}>{kind}</span>
            <span className="strong ellipsis">{label}</span>
            <span className="caption grow ellipsis">{detail}</span>
          </>
        )}
        empty={(text) => t('Nothing is called “{text}”.', { text })}
        onChoose={(place) => {
          close()
          place.go()
        }}
      />
    </Modal>
  )
}

function usePlaces(): readonly Place[] {
  const workspace = useWorkspace()
  const { actions, parts } = useBuild()
  const middle = useMiddle()
  const { fitView } = useReactFlow()
  const tidy = useTidy(actions)
  const [, setAppearance] = useAppearance()
  const navigate = useNavigate()
  const schemas = useFacts(({ analysis }) => analysis.schemas)
  const { data: pipelines } = usePipelines()
  return useMemo(
    () =>
      placesOf({
        workspace,
        actions,
        schemas,
        pipelines: pipelines ?? [],
        tidy,
        parts,
        middle,
        setAppearance,
        fit: () => void fitView({ ...FIT, duration: motionMs(160) }),
        open: (id) => void navigate(`/pipelines/${encodeURIComponent(id)}`),
      }),
    [workspace, actions, schemas, pipelines, parts, middle, fitView, tidy, setAppearance, navigate],
  )
}

/** All keys, with what they do. */
function KeySheet() {
  const { view } = useWorkspace()
  return (
    <Modal opened onClose={() => view.setState({ cover: null })} title={t('Keys')} size={520}>
      <table className={styles.keys}>
        <thead className="visually-hidden">
          <tr>
            <th>{t('Keys')}</th>
            <th>{t('What it does')}</th>
          </tr>
        </thead>
        <tbody>
          {ALL_KEYS.map(({ keys, what }) => (
            <tr key={keys}>
              <td>
                <kbd>{keyNames(keys)}</kbd>
              </td>
              <td>{t(what)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="caption">{t('On a Mac, Ctrl is Cmd. Keys stand down while somebody types.')}</p>
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          view.setState({ cover: null })
          tour.start()
        }}
      >
        {t('Take the tour')}
      </Button>
    </Modal>
  )
}
