import type { LiveSample, LiveSamples } from '@millrace/contracts'
import type { PreviewRow } from '@millrace/engine'
import { decodeJson, type Field, withNullable } from '@millrace/expr'
import { findNode, inferSchemas, type NodeSchemas } from '@millrace/graph'
import { useEffect, useMemo, useState } from 'react'
import { segment } from '../http/request.ts'
import { t, tFrom } from '../i18n/t.ts'
import type { Fate } from '../preview/fates.ts'
import preview from '../preview/preview.module.css'
import { RowTable } from '../preview/row-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { useFacts, useWorkspace } from '../workspace/workspace.ts'
import styles from './monitor.module.css'

/** Events kept of each side; older ones go. */
const KEPT = 100

/** A few events of a running node, as they pass: what comes in, what goes out, in the tables of the preview. */
export function LiveEvents({ nodeId }: { readonly nodeId: string }) {
  const { nodeTypes } = useWorkspace()
  const graph = useFacts(({ live }) => live?.graph)
  const samples = useLiveSamples(nodeId)
  const schemas = useMemo(
    () => (graph === undefined ? undefined : inferSchemas(graph, nodeTypes.catalogue).nodes.get(nodeId)),
    [graph, nodeTypes, nodeId],
  )
  const node = graph && findNode(graph, nodeId)
  const definition = nodeTypes.catalogue.get(node?.type ?? '')
  if (samples === null) {
    return (
      <EmptyState icon="clock" title={t('Waiting for events')}>
        {t(
          'A few events a second are shown as they pass through this node, newest first. They are looked at only while this tab is open; nothing is kept.',
        )}
      </EmptyState>
    )
  }
  const sides = sidesOf(samples, definition?.inputs ?? [], definition?.outputs ?? [], schemas)
  return (
    <div className={styles.liveEvents}>
      {sides.map(({ name, label, rows, fields, masked, fates }) => (
        <section key={name} aria-label={label} className={preview.column}>
          <h3 className={styles.blockTitle}>{label}</h3>
          <RowTable
            rows={rows}
            fields={fields}
            fates={fates}
            sensitive={masked}
            empty={t('None was seen since this tab was opened.')}
          />
        </section>
      ))}
    </div>
  )
}

/** The newest events first; null before the first. */
function useLiveSamples(nodeId: string): readonly LiveSample[] | null {
  const { pipelineId } = useWorkspace()
  const [samples, setSamples] = useState<readonly LiveSample[] | null>(null)
  useEffect(() => {
    setSamples(null)
    const stream = new EventSource(`/api/pipelines/${segment(pipelineId)}/nodes/${segment(nodeId)}/events`)
    stream.onmessage = ({ data }: MessageEvent<string>) => {
      const heard = parseSamples(data)
      setSamples((before) => [...heard.toReversed(), ...(before ?? [])].slice(0, KEPT * 4))
    }
    return () => stream.close()
  }, [pipelineId, nodeId])
  return samples
}

function parseSamples(text: string): readonly LiveSample[] {
  try {
    const { samples } = JSON.parse(text) as Partial<LiveSamples>
    return Array.isArray(samples) ? samples : []
  } catch {
    return []
  }
}

interface Side {
  readonly name: string
  readonly label: string
  readonly rows: readonly PreviewRow[]
  readonly fields: readonly Field[] | null
  readonly masked: ReadonlySet<string>
  readonly fates: ReadonlyMap<string, Fate> | null
}

type Ports = readonly { readonly name: string; readonly label: string }[]

/** The tables of a node: one for each input, and for each output at which something was seen. @internal */
export function sidesOf(
  samples: readonly LiveSample[],
  inputs: Ports,
  outputs: Ports,
  schemas: NodeSchemas | undefined,
): readonly Side[] {
  const dropped = new Map(
    samples.flatMap(({ side, origin, cause }): [string, Fate][] =>
      side === 'dropped' && origin !== null ? [[origin, { kind: 'dropped', cause: cause ?? '' }]] : [],
    ),
  )
  return [
    ...inputs.map(({ name, label }, port) =>
      sideOf(
        {
          name: t('in {name}', { name }),
          label: inputs.length > 1 ? t('In: {label}', { label: tFrom(label) }) : t('In'),
        },
        {
          samples: samples.filter((one) => one.port === port && one.side === 'in'),
          fields: schemas?.inputs[name]?.fields ?? null,
          fates: dropped,
        },
      ),
    ),
    ...outputs.flatMap(({ name, label }, port) => {
      const own = samples.filter((one) => one.port === port && one.side === 'out')
      if (own.length === 0 && port > 0) return []
      const fields = schemas?.outputs[name]?.fields ?? null
      return [
        sideOf(
          {
            name: t('out {name}', { name }),
            label: port === 0 ? t('Out') : t('Out: {label}', { label: tFrom(label) }),
          },
          { samples: own, fields, fates: null },
        ),
      ]
    }),
  ]
}

function sideOf(
  names: Pick<Side, 'name' | 'label'>,
  { samples, fields, fates }: { samples: readonly LiveSample[] } & Pick<Side, 'fields' | 'fates'>,
): Side {
  // What is masked does not come here at all, so any field may be missing.
  const nullable = fields?.map(({ name, type }) => ({ name, type: withNullable(type, true) })) ?? []
  const decode = decodeJson(nullable)
  const encoder = new TextEncoder()
  const masked = new Set(samples.flatMap((sample) => sample.masked))
  const rows = samples.slice(0, KEPT).flatMap(({ row, time, origin }): PreviewRow[] => {
    const [topic = '', partition, offset] = splitOrigin(origin)
    const place = origin === null ? null : { topic, partition: Number(partition), offset: Number(offset) }
    const values = row === null ? nullable.map(() => null) : decode(encoder.encode(row))
    return [{ row: values, time, origin: place, open: false, events: null }]
  })
  return { ...names, rows, fields, masked, fates }
}

/** Topics may have no slash, so the last two parts are numbers. */
function splitOrigin(origin: string | null): readonly string[] {
  return origin === null ? [] : origin.split('/')
}
