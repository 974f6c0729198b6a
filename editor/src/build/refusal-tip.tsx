import styles from './canvas.module.css'
import type { Refusal } from './use-connecting.ts'

/** Why a connection is refused, next to the pointer. Screen readers hear it from the announcement. */
export function RefusalTip({ refusal }: { readonly refusal: Refusal | null }) {
  if (refusal === null) return null
  return (
    <div
      className={styles.tip}
      style={{ left: refusal.x, top: refusal.y }}
      data-testid="refusal"
      aria-hidden="true"
    >
      {refusal.reason}
    </div>
  )
}
