import styles from '../form.module.css'

/** A field in a list of suggestions, with its type. */
export function FieldOption({ name, type }: { readonly name: string; readonly type: string | undefined }) {
  return (
    <span className={styles.option}>
      <span className="ellipsis">{name}</span>
      <span className={styles.optionType}>{type}</span>
    </span>
  )
}
