import { type Field, formatType } from '@millrace/expr'
import { type GraphNode, type NodeDefinition, openOutputs, type StreamSchema } from '@millrace/graph'
import { t, tFrom } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { useFacts } from '../workspace/workspace.ts'
import styles from './side-panel.module.css'

/** What the fields of a node may be told. */
export interface FieldsTabProps {
  readonly node: GraphNode
  readonly definition: NodeDefinition | undefined
}

/** The fields that leave a node, or reach a sink, with their types. */
export function FieldsTab({ node, definition }: FieldsTabProps) {
  const schemas = useFacts(({ analysis }) => analysis.schemas.get(node.id))
  const isSink = definition?.kind === 'sink'
  const outputs = definition ? openOutputs(definition, node) : []
  const ports = isSink ? (definition?.inputs ?? []) : outputs
  const streams: { readonly [port: string]: StreamSchema | null | undefined } =
    (isSink ? schemas?.inputs : schemas?.outputs) ?? {}
  return (
    <div className={styles.settings}>
      {ports.map(({ name, label }) => (
        <section key={name} aria-label={label}>
          <h2 className={styles.portTitle}>
            {isSink ? t('{label} that reach it', { label: tFrom(label) }) : label}
          </h2>
          <StreamFields
            stream={Object.hasOwn(streams, name) ? (streams[name] ?? null) : null}
            isSink={isSink}
          />
        </section>
      ))}
    </div>
  )
}

function StreamFields({
  stream,
  isSink,
}: {
  readonly stream: StreamSchema | null
  readonly isSink: boolean
}) {
  if (stream === null) {
    return (
      <EmptyState icon="select" title={t('The fields are not known yet')}>
        {isSink ? t('Connect its input.') : t('Connect its input and fill in its settings.')}
      </EmptyState>
    )
  }
  const { fields, eventTimeField, partitionedBy, updates } = stream
  return (
    <>
      <table className={styles.fields}>
        <thead>
          <tr>
            <th>{t('Name')}</th>
            <th>{t('Type')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, type }: Field) => (
            <tr key={name}>
              <td className="mono">{name}</td>
              <td className={styles.type}>
                {formatType(type)}
                {name === eventTimeField && <span className="caption"> {t('· event time')}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="caption">
        {partitionedBy === null
          ? t('Nothing is known of how these events are spread over partitions.')
          : t('Spread over partitions by {value}.', {
              value: partitionedBy.length === 0 ? t('nothing: all in one') : partitionedBy.join(', '),
            })}
      </p>
      {updates && (
        <p className="caption">
          {t('Updating: a row may be corrected later, by another one with the same')}{' '}
          {updates.key.length === 0 ? t('key') : updates.key.join(', ')}.
        </p>
      )}
    </>
  )
}
