import { UnstyledButton } from '@mantine/core'
import type { Template } from '@millrace/contracts'
import { GraphShape } from './graph-shape.tsx'
import { useTemplates } from './pipeline-queries.ts'
import styles from './pipelines.module.css'

/** Pipelines that work as they are, to begin with. */
export function Templates({ onChoose }: { readonly onChoose: (templateId: string) => void }) {
  const { data: templates } = useTemplates()
  if (!templates || templates.length === 0) return null
  return (
    <section aria-label="Templates">
      <h2 className={styles.heading}>Start from a template</h2>
      <div className={styles.templates}>
        {templates.map((template) => (
          <TemplateCard key={template.id} template={template} onChoose={onChoose} />
        ))}
      </div>
    </section>
  )
}

function TemplateCard({
  template,
  onChoose,
}: {
  readonly template: Template
  readonly onChoose: (id: string) => void
}) {
  const { id, name, summary, graph } = template
  return (
    <UnstyledButton className={`card ${styles.template}`} onClick={() => onChoose(id)}>
      <GraphShape graph={graph} />
      <span>
        <span className={`strong ${styles.block}`}>{name}</span>
        <span className="small second">{summary}</span>
      </span>
      <span className={`caption ${styles.last}`}>{graph.nodes.length} nodes</span>
    </UnstyledButton>
  )
}
