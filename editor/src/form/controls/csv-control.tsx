import { Button, FileButton, Textarea } from '@mantine/core'
import { csvSize } from '@millrace/nodes'
import { useMemo, useState } from 'react'
import { counted } from '../../format/numbers.ts'
import { t } from '../../i18n/t.ts'
import { type ControlProps, emptied, inputProps, textOf } from '../control-props.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'
import { siblingValue } from '../siblings.ts'

/** A table of comma-separated values: pasted, typed, or loaded from a file. */
export function CsvControl(props: ControlProps) {
  const { spec, path, value, onChange } = props
  const form = useForm()
  const [refusal, setRefusal] = useState('')
  const text = textOf(value)
  const separator = siblingValue(form.config, path, 'separator')
  const size = useMemo(() => csvSize(text, separator), [text, separator])
  const load = async (file: File | null) => {
    if (file === null) return
    const read = await readText(file, spec.schema.maxLength ?? Number.POSITIVE_INFINITY)
    setRefusal('refusal' in read ? read.refusal : '')
    if ('text' in read)
      form.set(path, read.text, { isStep: true, label: t('Load {name}', { name: file.name }) })
  }
  return (
    <>
      <Textarea
        {...inputProps(props)}
        autosize
        minRows={4}
        maxRows={12}
        spellCheck={false}
        placeholder={spec.hint.placeholder}
        maxLength={spec.schema.maxLength}
        classNames={{ input: styles.mono }}
        value={text}
        onChange={(event) => onChange(emptied(spec, event.currentTarget.value))}
      />
      <div className={styles.tokens}>
        <FileButton onChange={load} accept=".csv,.tsv,.txt,text/csv,text/plain">
          {(button) => (
            <Button {...button} size="xs" variant="default">
              {t('Load a file')}
            </Button>
          )}
        </FileButton>
        <p className={styles.hint} role="status">
          {refusal || `${counted(size.rows, 'row')}, ${counted(size.columns, 'column')}.`}
        </p>
      </div>
    </>
  )
}

/** The text of a file, or why it is not taken, in words. */
async function readText(
  file: File,
  limit: number,
): Promise<{ readonly text: string } | { readonly refusal: string }> {
  if (file.size > 4 * limit)
    return { refusal: t('{name} is too large: put it into a topic.', { name: file.name }) }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
    if (text.length <= limit) return { text }
    return { refusal: t('{name} is too large: put it into a topic.', { name: file.name }) }
  } catch {
    return { refusal: t('{name} is no UTF-8 text: save it as CSV in UTF-8.', { name: file.name }) }
  }
}
