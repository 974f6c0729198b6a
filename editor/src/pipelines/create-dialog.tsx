import { Button, Modal, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { wordsOf } from '../http/api-error.ts'
import { t, tFrom } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useCreatePipeline, useTemplates } from './pipeline-queries.ts'
import styles from './pipelines.module.css'

/** Makes a new pipeline, empty or from a template, and opens it. */
export function CreateDialog({
  template,
  onClose,
}: {
  readonly template: string | null
  readonly onClose: () => void
}) {
  const navigate = useNavigate()
  const { data: templates = [] } = useTemplates()
  const create = useCreatePipeline()
  const [from, setFrom] = useState(template)
  const chosen = templates.find(({ id }) => id === from)
  const [name, setName] = useState<string | null>(null)
  const shownName = name ?? chosen?.name ?? ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = { name: shownName.trim(), ...(from !== null && { template: from }) }
    create.mutate(body, { onSuccess: ({ id }) => void navigate(`/pipelines/${id}`) })
  }
  return (
    <Modal opened onClose={onClose} title={t('New pipeline')}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={t('Name')}
          size="md"
          data-autofocus
          maxLength={200}
          placeholder={t('Orders by region')}
          value={shownName}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t('Begin with')}
          size="md"
          allowDeselect={false}
          value={from ?? ''}
          onChange={(value) => setFrom(value || null)}
          data={[
            { value: '', label: t('An empty canvas') },
            ...templates.map(({ id, name: label }) => ({
              value: id,
              label: t('Template: {label}', { label }),
            })),
          ]}
        />
        {chosen && <p className="small second">{tFrom(chosen.summary)}</p>}
        {create.error && (
          <Notice tone="err" urgent>
            {wordsOf(create.error)}
          </Notice>
        )}
        <div className={styles.buttons}>
          <Button variant="default" size="md" onClick={onClose}>
            {t('Cancel')}
          </Button>
          <Button type="submit" size="md" loading={create.isPending} disabled={shownName.trim() === ''}>
            {t('Create')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
