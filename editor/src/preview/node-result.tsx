import type { NodePreview } from '@millrace/engine'
import type { Field } from '@millrace/expr'
import { findNode, maskMessage, openOutputs } from '@millrace/graph'
import { Fragment, useMemo } from 'react'
import { formatCount, formatShare } from '../format/numbers.ts'
import { t, tFrom } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import { fatesOf } from './fates.ts'
import styles from './preview.module.css'
import { RowTable } from './row-table.tsx'
import { SideList } from './side-list.tsx'
import { useFollowing } from './use-following.ts'

/** What a node's result may be told. */
export interface NodeResultProps {
  readonly nodeId: string
  readonly preview: NodePreview
}

/** The rows that went into a node with their fate, the rows that came out, and what did not come out and why. */
export function NodeResult({ nodeId, preview: result }: NodeResultProps) {
  const preview = useShownErrors(nodeId, result)
  const { kind, inputs, outputs, lateFields, lateSensitive } = useShape(nodeId)
  const following = useFollowing(nodeId)
  const inFields = inputs[0]?.fields ?? null
  const fates = useMemo(() => fatesOf(preview), [preview])
  const [first] = outputs
  const isSame =
    inFields !== null && outputs.length === 1 && !!first?.fields && sameNames(inFields, first.fields)
  return (
    <div className={styles.columns} data-kind={kind}>
      {kind !== 'source' && (
        <section aria-label={t('Input')} className={styles.column}>
          <h2>
            {t('In')} <span className="second num">{formatCount(preview.counts.in)}</span>
          </h2>
          <PairedShare preview={preview} labels={inputs.map(({ label }) => label)} />
          {inputs.map(({ label, fields, sensitive }, i) => (
            <Fragment key={label}>
              {inputs.length > 1 && <h3 className="caption">{tFrom(label)}</h3>}
              <RowTable
                rows={preview.in[i] ?? []}
                fields={fields}
                fates={fates}
                sensitive={sensitive}
                following={following}
                empty={t('No event of the sample got here.')}
              />
            </Fragment>
          ))}
        </section>
      )}
      {kind === 'sink' ? (
        <section aria-label={t('Output')} className={styles.column}>
          <h2>{t('Out')}</h2>
          <EmptyState icon="lock" title={t('Nothing is written')}>
            {t('A published pipeline writes these rows. The preview has no side effects.')}
          </EmptyState>
        </section>
      ) : (
        <section aria-label={t('Output')} className={styles.column}>
          <h2>
            {t('Out')} <span className="second num">{formatCount(preview.counts.out)}</span>
            {isSame && <Chip small>{t('same fields')}</Chip>}
          </h2>
          {outputs.map(({ name, label, fields, sensitive, place }) => (
            <Fragment key={name}>
              {outputs.length > 1 && (
                <h3 className="caption">
                  {tFrom(label)} <span className="num">{formatCount(preview.out[place]?.length ?? 0)}</span>
                </h3>
              )}
              <RowTable
                rows={preview.out[place] ?? []}
                fields={fields}
                fates={null}
                sensitive={sensitive}
                following={following}
                empty={outputs.length > 1 ? t('None of the events came out here.') : emptyWords(preview)}
              />
            </Fragment>
          ))}
        </section>
      )}
      <SideList
        preview={preview}
        inputs={inputs}
        late={{ fields: lateFields ?? inFields, sensitive: lateSensitive ?? inputs[0]?.sensitive }}
      />
    </div>
  )
}

/** The result, its errors without the values that they quote where these may be sensitive. */
function useShownErrors(nodeId: string, result: NodePreview): NodePreview {
  const isMasked = useFacts(({ analysis }) => analysis.sensitive.get(nodeId)?.inErrors ?? false)
  return useMemo(() => {
    if (!isMasked) return result
    const errors = result.errors.map((letter) => ({ ...letter, message: maskMessage(letter.message) }))
    return { ...result, errors }
  }, [result, isMasked])
}

function useShape(nodeId: string) {
  const { nodeTypes } = useWorkspace()
  const node = useDocument(({ graph }) => findNode(graph, nodeId))
  const schemas = useFacts(({ analysis }) => analysis.schemas.get(nodeId))
  const sensitive = useFacts(({ analysis }) => analysis.sensitive.get(nodeId))
  const definition = nodeTypes.catalogue.get(node?.type ?? '')
  const inputs = definition?.inputs ?? []
  const outputs = definition && node ? openOutputs(definition, node) : []
  return {
    kind: definition?.kind ?? 'transform',
    inputs: inputs.map(({ name, label }) => ({
      ...{ label, fields: schemas?.inputs[name]?.fields ?? null },
      sensitive: sensitive?.inputs[name],
    })),
    outputs: outputs
      .filter(({ optional }) => !optional)
      .map(({ name, label }) => ({
        ...{ name, label, fields: schemas?.outputs[name]?.fields ?? null },
        sensitive: sensitive?.outputs[name],
        place: definition?.outputs.findIndex((port) => port.name === name) ?? 0,
      })),
    lateFields: schemas?.outputs.late?.fields ?? null,
    lateSensitive: sensitive?.outputs.late,
  }
}

/** Of a node that makes pairs: how many rows of each side found a partner. */
function PairedShare({
  preview,
  labels,
}: {
  readonly preview: NodePreview
  readonly labels: readonly string[]
}) {
  const { paired } = preview
  if (paired === null) return null
  return (
    <ul className={styles.shares} aria-label={t('Rows with a partner')}>
      {paired.map((count, i) => {
        const all = preview.in[i]?.length ?? 0
        const share = all === 0 ? 0 : Math.min(1, count / all)
        const label = labels.length > 1 ? `${tFrom(labels[i] ?? '')}: ` : ''
        return (
          <li key={labels[i]}>
            <span>
              {t('{label}{count} of {all} have a partner · {formatCount} without ({share})', {
                label,
                count: formatCount(count),
                all: formatCount(all),
                formatCount: formatCount(Math.max(0, all - count)),
                share: formatShare(1 - share),
              })}
            </span>
            <span className={styles.share} aria-hidden="true">
              <i style={{ width: `${share * 100}%` }} />
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function sameNames(a: readonly Field[], b: readonly Field[]): boolean {
  return a.length === b.length && a.every(({ name }, i) => name === b[i]?.name)
}

function emptyWords({ counts }: NodePreview): string {
  if (counts.in === 0) return t('Nothing came in, so nothing comes out.')
  if (counts.dropped === counts.in) return t('Every event of the sample was dropped here.')
  return t('None of the events came out.')
}
