import { Modal } from '@mantine/core'
import { findNode } from '@millrace/graph'
import { useMemo } from 'react'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { type Offer, offersAt } from '../workspace/fitting.ts'
import { onlySelected } from '../workspace/view-store.ts'
import { useDocument, useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
import { ChoiceList } from './choice-list.tsx'
import styles from './covers.module.css'

/** Connecting without a mouse: every node that the selected one may feed or be fed by, and of the others why not. */
export function ConnectDialog() {
  const { view, nodeTypes } = useWorkspace()
  const { actions } = useBuild()
  const nodeId = useView(onlySelected)
  const graph = useDocument((state) => state.graph)
  const offers = useMemo(
    () => (nodeId === null ? [] : offersAt(graph, nodeTypes.catalogue, nodeId)),
    [graph, nodeTypes, nodeId],
  )
  const labelOf = (id: string) => findNode(graph, id)?.label ?? id
  const close = () => view.setState({ cover: null })
  return (
    <Modal
      opened
      onClose={close}
      title={nodeId === null ? t('Connect') : t('Connect {nodeId}', { nodeId: labelOf(nodeId) })}
      size={520}
    >
      <ChoiceList
        label={t('Search nodes to connect to')}
        listLabel={t('Connections')}
        placeholder={t('The node at the other end …')}
        search={(text) => offers.filter((offer) => fits(`${labelOf(offer.other)} ${offer.ports}`, text))}
        keyOf={({ from, to }) => `${from.node}-${from.port}-${to.node}-${to.port}`}
        show={(offer) => <OfferView offer={offer} label={labelOf(offer.other)} />}
        isOff={({ reason }) => reason !== null}
        empty={(text) => emptyWords(nodeId, offers.length, text)}
        onChoose={({ from, to }) => {
          close()
          actions.connect(from, to)
        }}
      />
    </Modal>
  )
}

function OfferView({ offer, label }: { readonly offer: Offer; readonly label: string }) {
  const { isOutput, ports, reason } = offer
  return (
    <>
      <span className={`caption ${styles.kind}`}>{isOutput ? t('to') : t('from')}</span>
      <span className="grow">
        <span className={reason === null ? 'strong' : ''}>{label}</span>
        {ports !== '' && (
          <span className="caption">
            {' · '}
            {ports}
          </span>
        )}
        {reason !== null && <span className={`caption ${styles.reason}`}>{reason}</span>}
      </span>
      {reason === null && <Icon name="arrow" size={12} />}
    </>
  )
}

function fits(words: string, search: string): boolean {
  return words.toLowerCase().includes(search.trim().toLowerCase())
}

function emptyWords(nodeId: string | null, offers: number, text: string): string {
  if (nodeId === null) return t('Select one node first: then this lists what it can be connected to.')
  return offers === 0 ? t('There is no other node yet.') : t('No node is called “{text}”.', { text })
}
