import type { PublishPlan } from '@millrace/contracts'
import { t } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import { describeDiff } from './describe-diff.ts'
import { DiffTable } from './diff-table.tsx'
import styles from './publish.module.css'
import { ReadyCard } from './ready-card.tsx'
import { StateTable } from './state-table.tsx'

/** What the view of a plan may be told. */
export interface PlanViewProps {
  readonly plan: PublishPlan
  /** The draft that the plan is for. */
  readonly revision: number
  readonly onClose: () => void
  readonly onStarted: (operation: string) => void
}

/** A plan, read from top to bottom: what changes, what that does to state, then the button. */
export function PlanView(props: PlanViewProps) {
  const { plan } = props
  return (
    <div className={styles.plan}>
      <div className={styles.main}>
        <Changes plan={plan} />
        <section aria-labelledby="state-title">
          <h2 id="state-title">{t('What happens to state')}</h2>
          <StateTable fates={plan.state} nextVersion={plan.nextVersion} />
        </section>
      </div>
      <div className={styles.side}>
        <ReadyCard {...props} />
        {plan.creates.length > 0 && <Creates creates={plan.creates} />}
      </div>
    </div>
  )
}

function Changes({ plan }: { readonly plan: PublishPlan }) {
  const { nodeTypes } = useWorkspace()
  const live = useFacts((facts) => facts.live)
  const graph = useDocument((state) => state.graph)
  const { summary, rows } = describeDiff(live?.graph ?? null, graph, nodeTypes.catalogue)
  const versions = plan.liveVersion === null ? 'nothing' : `v${plan.liveVersion}`
  return (
    <section aria-labelledby="changes-title">
      <div className="row">
        <h2 id="changes-title">{t('What changes')}</h2>
        <span className="second small grow">{summary}</span>
        <Chip small icon="live">
          {versions}
        </Chip>
        <Icon name="arrow" size={12} />
        <Chip small tone="accent" icon="half">
          v{plan.nextVersion}
        </Chip>
      </div>
      {rows.length > 0 && (
        <DiffTable rows={rows} beforeTitle={versions} afterTitle={`v${plan.nextVersion}`} />
      )}
    </section>
  )
}

function Creates({ creates }: { readonly creates: readonly string[] }) {
  return (
    <section className={`card ${styles.box}`} aria-labelledby="creates-title">
      <h3 id="creates-title">{t('Will be created or changed')}</h3>
      <ul className={styles.creates}>
        {creates.map((name) => (
          <li key={name}>
            <span className={styles.plus}>
              <Icon name="plus" size={12} />
            </span>
            {name}
          </li>
        ))}
      </ul>
    </section>
  )
}
