import type { NodePreview } from '@millrace/engine'
import type { Field } from '@millrace/expr'
import { findNode, openOutputs } from '@millrace/graph'
import { Fragment, useMemo } from 'react'
import { formatCount } from '../format/numbers.ts'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import { fatesOf } from './fates.ts'
import styles from './preview.module.css'
import { RowTable } from './row-table.tsx'
import { SideList } from './side-list.tsx'

/** What a node's result may be told. */
export interface NodeResultProps {
  readonly nodeId: string
  readonly preview: NodePreview
}

/** The rows that went into a node with their fate, the rows that came out, and what did not come out and why. */
export function NodeResult({ nodeId, preview }: NodeResultProps) {
  const { kind, inputs, outputs, lateFields } = useShape(nodeId)
  const inFields = inputs[0]?.fields ?? null
  const fates = useMemo(() => fatesOf(preview), [preview])
  const [first] = outputs
  const isSame =
    inFields !== null && outputs.length === 1 && !!first?.fields && sameNames(inFields, first.fields)
  return (
    <div className={styles.columns} data-kind={kind}>
      {kind !== 'source' && (
        <section aria-label="Input" className={styles.column}>
          <h2>
            In <span className="second num">{formatCount(preview.counts.in)}</span>
          </h2>
          {inputs.map(({ label, fields }, i) => (
            <Fragment key={label}>
              {inputs.length > 1 && <h3 className="caption">{label}</h3>}
              <RowTable
                rows={preview.in[i] ?? []}
                fields={fields}
                fates={fates}
                empty="No event of the sample got here."
              />
            </Fragment>
          ))}
        </section>
      )}
      {kind === 'sink' ? (
        <section aria-label="Output" className={styles.column}>
          <h2>Out</h2>
          <EmptyState icon="lock" title="Nothing is written">
            A published pipeline writes these rows. The preview has no side effects.
          </EmptyState>
        </section>
      ) : (
        <section aria-label="Output" className={styles.column}>
          <h2>
            Out <span className="second num">{formatCount(preview.counts.out)}</span>
            {isSame && <Chip small>same fields</Chip>}
          </h2>
          {outputs.map(({ name, label, fields, place }) => (
            <Fragment key={name}>
              {outputs.length > 1 && (
                <h3 className="caption">
                  {label} <span className="num">{formatCount(preview.out[place]?.length ?? 0)}</span>
                </h3>
              )}
              <RowTable
                rows={preview.out[place] ?? []}
                fields={fields}
                fates={null}
                empty={outputs.length > 1 ? 'None of the events came out here.' : emptyWords(preview)}
              />
            </Fragment>
          ))}
        </section>
      )}
      <SideList
        preview={preview}
        inputs={inputs.map(({ fields }) => fields)}
        lateFields={lateFields ?? inFields}
      />
    </div>
  )
}

function useShape(nodeId: string) {
  const { nodeTypes } = useWorkspace()
  const node = useDocument(({ graph }) => findNode(graph, nodeId))
  const schemas = useFacts(({ analysis }) => analysis.schemas.get(nodeId))
  const definition = nodeTypes.catalogue.get(node?.type ?? '')
  const inputs = definition?.inputs ?? []
  const outputs = definition && node ? openOutputs(definition, node) : []
  return {
    kind: definition?.kind ?? 'transform',
    inputs: inputs.map(({ name, label }) => ({ label, fields: schemas?.inputs[name]?.fields ?? null })),
    outputs: outputs
      .filter(({ optional }) => !optional)
      .map(({ name, label }) => ({
        ...{ name, label, fields: schemas?.outputs[name]?.fields ?? null },
        place: definition?.outputs.findIndex((port) => port.name === name) ?? 0,
      })),
    lateFields: schemas?.outputs.late?.fields ?? null,
  }
}

function sameNames(a: readonly Field[], b: readonly Field[]): boolean {
  return a.length === b.length && a.every(({ name }, i) => name === b[i]?.name)
}

function emptyWords({ counts }: NodePreview): string {
  if (counts.in === 0) return 'Nothing came in, so nothing comes out.'
  if (counts.dropped === counts.in) return 'Every event of the sample was dropped here.'
  return 'None of the events came out.'
}
