import { t } from '../../i18n/t.ts'
import { useFieldSample } from '../../preview/use-field-sample.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'

/** What a field holds in the sample: its most frequent values, and the range of numbers. */
export function SampleValues({ path }: { readonly path: readonly string[] }) {
  const { nodeId } = useForm()
  const values = useFieldSample(nodeId, path)
  if (values.length === 0) return null
  return (
    <div className={styles.samples}>
      {t('In the sample:')}
      {values.map((text) => (
        <span key={text} title={text}>
          {text}
        </span>
      ))}
    </div>
  )
}
