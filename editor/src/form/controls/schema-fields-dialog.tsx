import { Textarea } from '@mantine/core'
import { formatType } from '@millrace/expr'
import { fieldsOfSchema, SCHEMA_SOURCE_LIMITS } from '@millrace/graph'
import { useMemo, useState } from 'react'
import { counted } from '../../format/numbers.ts'
import { t } from '../../i18n/t.ts'
import styles from './proposed-fields.module.css'
import { ProposedFields, type ProposedFieldsProps } from './proposed-fields.tsx'

/** The fields of a schema that is pasted, to choose from. */
export function SchemaFieldsDialog(props: Pick<ProposedFieldsProps, 'standing' | 'onTake'>) {
  const [text, setText] = useState('')
  const read = useMemo(() => readSchema(text), [text])
  return (
    <div className={styles.dialog}>
      <Textarea
        label={t('Schema')}
        description={t('Avro, JSON Schema or Protobuf, as a registry has it. Records must still be JSON.')}
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
        maxLength={SCHEMA_SOURCE_LIMITS.schemaLength}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {read && <ProposedFields key={text} {...read} {...props} />}
    </div>
  )
}

function readSchema(text: string): Pick<ProposedFieldsProps, 'proposed' | 'words'> | null {
  if (text.trim() === '') return null
  const { fields, issues, format } = fieldsOfSchema(text)
  return {
    words: t('{fields} of a {format} schema.', { fields: counted(fields.length, 'field'), format }),
    proposed: {
      fields: fields.map(({ name, type, confidence, remarks, values }) => ({
        ...{ name, type: formatType(type), confidence, remarks: [...remarks] },
        ...(values && { values: [...values] }),
      })),
      issues: issues.map(({ path, message }) => ({ path: [...path], message })),
    },
  }
}
