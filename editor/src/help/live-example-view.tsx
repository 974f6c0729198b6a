import { Button, Textarea } from '@mantine/core'
import { type ExpectedRow, type NodeConfig, type TestStep, validate } from '@millrace/graph'
import { type HelpExample, helpExample } from '@millrace/nodes'
import { useEffect, useMemo, useState } from 'react'
import { t } from '../i18n/t.ts'
import { createTestWorker, TestClient, type TestWorker } from '../tests/test-client.ts'
import { Notice } from '../ui/notice.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import styles from './help.module.css'
import { buildExample, EXAMPLE_NODE, type LiveExample, shownPlaces, stepsOf } from './live-example.ts'

/** Typing is collected for this long before the example runs again, ms. */
const DEBOUNCE = 300

/** An example of a node type that can be played with: settings and events at the top, what the engine makes of them below. */
export function LiveExampleView({
  type,
  createWorker,
}: {
  readonly type: string
  readonly createWorker?: () => TestWorker
}) {
  const example = helpExample(type)
  if (example === undefined) return null
  return <Editable key={type} type={type} example={example} createWorker={createWorker ?? createTestWorker} />
}

interface EditableProps {
  readonly type: string
  readonly example: HelpExample
  readonly createWorker: () => TestWorker
}

function Editable({ type, example, createWorker }: EditableProps) {
  const { catalogue } = useWorkspace().nodeTypes
  const fresh = useMemo(() => textsOf(example), [example])
  const [config, setConfig] = useState(fresh.config)
  const [events, setEvents] = useState(fresh.events)
  const live = useMemo(
    () => read(type, example, config, events, catalogue),
    [type, example, config, events, catalogue],
  )
  const isFresh = config === fresh.config && events === fresh.events
  return (
    <section className={styles.example} aria-label={t('Live example')}>
      <h2>{t('Try it')}</h2>
      <p>{example.title}.</p>
      <Textarea
        label={t('Settings')}
        autosize
        minRows={2}
        maxRows={14}
        spellCheck={false}
        classNames={{ input: styles.code ?? '' }}
        value={config}
        onChange={(event) => setConfig(event.currentTarget.value)}
      />
      <Textarea
        label={t('Events, in order of arrival')}
        autosize
        minRows={2}
        maxRows={14}
        spellCheck={false}
        classNames={{ input: styles.code ?? '' }}
        value={events}
        onChange={(event) => setEvents(event.currentTarget.value)}
      />
      {!isFresh && (
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            setConfig(fresh.config)
            setEvents(fresh.events)
          }}
        >
          {t('As it was')}
        </Button>
      )}
      {typeof live === 'string' ? (
        <Notice tone="err">{live}</Notice>
      ) : (
        <Results live={live} createWorker={createWorker} />
      )}
    </section>
  )
}

interface Shown {
  readonly label: string
  readonly rows: readonly ExpectedRow[] | string
}

function Results({
  live,
  createWorker,
}: {
  readonly live: LiveExample
  readonly createWorker: () => TestWorker
}) {
  const { catalogue } = useWorkspace().nodeTypes
  const [shown, setShown] = useState<readonly Shown[]>([])
  useEffect(() => {
    const client = new TestClient(createWorker)
    const timer = setTimeout(async () => {
      const found: Shown[] = []
      for (const { label, place } of shownPlaces(live, catalogue)) {
        const answer = await client.ask({ kind: 'rows', ...live, place })
        if (answer.kind === 'rows') found.push({ label, rows: answer.rows })
        if (answer.kind === 'failed') found.push({ label, rows: answer.message })
      }
      setShown(found)
    }, DEBOUNCE)
    return () => {
      clearTimeout(timer)
      client.dispose()
    }
  }, [live, catalogue, createWorker])
  return (
    <div aria-live="polite">
      {shown
        .filter(({ rows }, i) => i === 0 || rows.length > 0)
        .map(({ label, rows }) => (
          <div key={label}>
            <h3>{label}</h3>
            {typeof rows === 'string' ? <p>{rows}</p> : <Rows rows={rows} label={label} />}
          </div>
        ))}
    </div>
  )
}

function Rows({ rows, label }: { readonly rows: readonly ExpectedRow[]; readonly label: string }) {
  const [first] = rows
  if (first === undefined) return <p className="caption">{t('Nothing.')}</p>
  const names = Object.keys(first.row)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={styles.rows}>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
            <tr key={i}>
              {names.map((name) => (
                <td key={name}>{cellText(row[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function cellText(value: unknown): string {
  return typeof value === 'string' ? value : value === null ? '∅' : JSON.stringify(value)
}

function textsOf(example: HelpExample): { readonly config: string; readonly events: string } {
  return {
    config: JSON.stringify(example.config, null, 2),
    events: stepsOf(example)
      .map((step) => JSON.stringify(step))
      .join('\n'),
  }
}

/** What was typed as something to run, or what is wrong with it in words. */
function read(
  type: string,
  example: HelpExample,
  config: string,
  events: string,
  catalogue: Parameters<typeof buildExample>[4],
): LiveExample | string {
  try {
    const settings = JSON.parse(config) as NodeConfig
    const lines = events.split('\n').filter((line) => line.trim() !== '')
    const steps = lines.map((line) => JSON.parse(line) as TestStep)
    const live = buildExample(type, example, settings, steps, catalogue)
    if (live === null) return t('There is no example of this node.')
    const wrong = validate(live.graph, catalogue).find(
      ({ nodeId, severity }) => severity === 'error' && nodeId === EXAMPLE_NODE,
    )
    return wrong?.message ?? live
  } catch (error) {
    return t('This is no JSON: {value}', { value: error instanceof Error ? error.message : '' })
  }
}
