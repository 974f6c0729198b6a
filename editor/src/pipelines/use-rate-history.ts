import type { PipelineRow } from '@millrace/contracts'
import { useEffect, useState } from 'react'

const POINTS = 60

/** The rates of each pipeline since the page was opened, oldest first, at most 60 readings. */
export function useRateHistory(rows: readonly PipelineRow[] | undefined, readAt: number) {
  const [history, setHistory] = useState<ReadonlyMap<string, readonly (number | null)[]>>(new Map())
  // biome-ignore lint/correctness/useExhaustiveDependencies: a reading counts once, when it arrives
  useEffect(() => {
    if (rows === undefined) return
    setHistory(
      (before) => new Map(rows.map(({ id, rate }) => [id, [...(before.get(id) ?? []), rate].slice(-POINTS)])),
    )
  }, [readAt])
  return history
}
