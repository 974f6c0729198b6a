import { Button, UnstyledButton } from '@mantine/core'
import { findNode, type Issue } from '@millrace/graph'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import styles from './dock.module.css'

/** Everything that is wrong with the draft; a click leads to the place, a fix takes one more. */
export function ProblemsTab() {
  const issues = useFacts(({ analysis }) => analysis.issues)
  if (issues.length === 0) {
    return (
      <EmptyState icon="ok" title={t('No problems')}>
        {t('This draft can be published.')}
      </EmptyState>
    )
  }
  return (
    <ul className={styles.problems} aria-label={t('Problems')}>
      {issues.map((issue) => (
        <Problem
          key={`${issue.nodeId} ${issue.code} ${issue.path.join('/')} ${issue.message}`}
          issue={issue}
        />
      ))}
    </ul>
  )
}

function Problem({ issue }: { readonly issue: Issue }) {
  const { view, document } = useWorkspace()
  const { severity, nodeId, path, message, fix } = issue
  const label = useDocument(({ graph }) =>
    nodeId === null ? null : (findNode(graph, nodeId)?.label ?? nodeId),
  )
  const words = (
    <>
      <Icon
        name={severity === 'error' ? 'err' : 'warn'}
        size={14}
        className={styles[severity]}
        label={severity === 'error' ? t('Problem') : t('Warning')}
      />
      <span className="strong nowrap">{label ?? t('Pipeline')}</span>
      <span className="grow">{message}</span>
    </>
  )
  return (
    <li className={styles.problem}>
      {nodeId === null ? (
        <span className={styles.problemText}>{words}</span>
      ) : (
        <UnstyledButton className={styles.problemText} onClick={() => view.reveal(nodeId, path)}>
          {words}
        </UnstyledButton>
      )}
      {fix && (
        <Button size="xs" variant="light" onClick={() => document.edit(fix.change, { label: fix.label })}>
          {fix.label}
        </Button>
      )}
    </li>
  )
}
