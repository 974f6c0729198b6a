import { Button } from '@mantine/core'
import type { Template } from '@millrace/contracts'
import { useNavigate } from 'react-router'
import { counted } from '../format/numbers.ts'
import { wordsOf } from '../http/api-error.ts'
import { t, tFrom } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { Notice } from '../ui/notice.tsx'
import { GraphShape } from './graph-shape.tsx'
import { useCreatePipeline, useTemplates } from './pipeline-queries.ts'
import styles from './pipelines.module.css'

/** Cards of templates; `keeps` chooses which. One that is used is made and opened at once. */
export function TemplateCards({ keeps = () => true }: { readonly keeps?: (template: Template) => boolean }) {
  const { data: templates } = useTemplates()
  const create = useCreatePipeline()
  const navigate = useNavigate()
  const use = ({ id: template, name }: Template) =>
    create.mutate({ name, template }, { onSuccess: ({ id }) => void navigate(`/pipelines/${id}`) })
  return (
    <>
      {create.error && (
        <Notice tone="err" urgent>
          {wordsOf(create.error)}
        </Notice>
      )}
      <ul className={styles.templates} aria-label={t('Templates')}>
        {templates?.filter(keeps).map((template, i) => (
          <TemplateCard
            key={template.id}
            template={template}
            isFirst={i === 0 && template.id === templates[0]?.id}
            isBusy={create.isPending}
            onUse={() => use(template)}
          />
        ))}
      </ul>
    </>
  )
}

interface TemplateCardProps {
  readonly template: Template
  readonly isFirst: boolean
  readonly isBusy: boolean
  readonly onUse: () => void
}

function TemplateCard({ template, isFirst, isBusy, onUse }: TemplateCardProps) {
  const { name, summary, teaches, graph, icons, isGenerated } = template
  return (
    <li className={`card ${styles.template}`}>
      <GraphShape graph={graph} icons={icons} />
      <div className="row">
        <h3 className="grow">{tFrom(name)}</h3>
        {isFirst && (
          <Chip small tone="accent">
            {t('Start here')}
          </Chip>
        )}
      </div>
      <p className="small second">{tFrom(summary)}</p>
      <p className="caption">{tFrom(teaches)}</p>
      <div className={`row ${styles.last}`}>
        <span className="caption grow">
          {isGenerated
            ? t('{nodes}, makes its own events', { nodes: counted(graph.nodes.length, 'node') })
            : t('{nodes}, reads topics of the demo', { nodes: counted(graph.nodes.length, 'node') })}
        </span>
        <Button
          size="sm"
          variant={isFirst ? 'filled' : 'default'}
          disabled={isBusy}
          aria-label={t('Use {name}', { name: tFrom(name) })}
          onClick={onUse}
        >
          {t('Use')}
        </Button>
      </div>
    </li>
  )
}
