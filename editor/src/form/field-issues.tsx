import { Button } from '@mantine/core'
import type { Issue } from '@millrace/graph'
import { Icon } from '../ui/icon.tsx'
import styles from './form.module.css'
import { useForm } from './form-context.ts'

/** What is wrong at one place of the form, with what mends it. */
export function FieldIssues({ id, issues }: { readonly id?: string; readonly issues: readonly Issue[] }) {
  const form = useForm()
  if (issues.length === 0) return null
  return (
    <ul id={id} className={styles.issues}>
      {issues.map((issue) => (
        <li key={`${issue.code} ${issue.path.join('/')} ${issue.message}`} className={styles[issue.severity]}>
          <Icon name={issue.severity === 'error' ? 'err' : 'warn'} size={12} />
          <span className="grow">{issue.message}</span>
          {issue.fix && (
            <Button size="xs" variant="light" onClick={() => form.applyFix(issue)}>
              {issue.fix.label}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
