import { useStore } from 'zustand'
import { useFieldSample } from '../../preview/use-field-sample.ts'
import { useWorkspace } from '../../workspace/workspace.ts'
import styles from '../form.module.css'

/** What a field holds in the sample: its most frequent values, and the range of numbers. */
export function SampleValues({ path }: { readonly path: readonly string[] }) {
  const { preview } = useWorkspace()
  const rows = useStore(preview.store, (state) => state.rows)
  const values = useFieldSample(rows, path)
  if (values.length === 0) return null
  return (
    <div className={styles.samples}>
      In the sample:
      {values.map((text) => (
        <span key={text} title={text}>
          {text}
        </span>
      ))}
    </div>
  )
}
