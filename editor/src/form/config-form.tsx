import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { describeForm, type FieldSpec, type FormSchema, shownFields } from './describe-form.ts'
import { FieldView } from './field-view.tsx'
import styles from './form.module.css'
import { isWithin, useForm, valueAt } from './form-context.ts'

/** What a form may be told. */
export interface ConfigFormProps {
  readonly schema: FormSchema
  /** A setting that must be in sight. */
  readonly shownPath: readonly string[]
}

/** The form of a node's settings, made from their schema. What is rarely needed stands under "More settings". */
export function ConfigForm({ schema, shownPath }: ConfigFormProps) {
  const { config } = useForm()
  const fields = shownFields(describeForm(schema), config)
  const plain = fields.filter(({ advanced }) => !advanced)
  const advanced = fields.filter((field) => field.advanced)
  return (
    <div className={styles.form}>
      <Fields fields={plain} />
      {advanced.length > 0 && <MoreSettings fields={advanced} shownPath={shownPath} />}
    </div>
  )
}

function Fields({ fields }: { readonly fields: readonly FieldSpec[] }) {
  const { config } = useForm()
  return fields.map((spec) => (
    <FieldView key={spec.name} spec={spec} path={[spec.name]} value={valueAt(config, [spec.name])} />
  ))
}

function MoreSettings({
  fields,
  shownPath,
}: {
  readonly fields: readonly FieldSpec[]
  readonly shownPath: readonly string[]
}) {
  const { issues } = useForm()
  const [isOpen, setOpen] = useState(false)
  const mustShow = fields.some(
    ({ name }) => shownPath[0] === name || issues.some(({ path }) => isWithin(path, [name])),
  )
  const shows = isOpen || mustShow
  return (
    <div className={styles.more}>
      <UnstyledButton className={styles.moreButton} aria-expanded={shows} onClick={() => setOpen(!shows)}>
        <Icon name={shows ? 'down' : 'right'} size={12} />
        {t('More settings')}
      </UnstyledButton>
      {shows && <Fields fields={fields} />}
    </div>
  )
}
