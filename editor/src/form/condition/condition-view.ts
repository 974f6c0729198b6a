import { useState } from 'react'
import { useSession } from '../../session/session-query.ts'

/** How a condition is shown: as rows, or as the expression. */
export type ConditionView = 'builder' | 'text'

/**
 * How the condition of a form is shown: as its user last chose, but as text where it is more than rows can show. It stays
 * text until the user asks for rows, so that no field is taken away while somebody types in it.
 */
export function useConditionView(isShowable: boolean) {
  const userId = useSession().data?.user.id ?? ''
  const [chosen, setChosen] = useState<ConditionView | null>(null)
  const wanted = chosen ?? readView(localStorage, userId)
  const view: ConditionView = isShowable ? wanted : 'text'
  // Rows that could not be shown do not come back by themselves.
  if (wanted !== view) setChosen(view)
  return {
    view,
    choose(next: ConditionView) {
      setChosen(next)
      keepView(localStorage, userId, next)
    },
  }
}

const keyOf = (userId: string) => `millrace.condition-view.${userId}`

function readView(storage: Storage, userId: string): ConditionView {
  return storage.getItem(keyOf(userId)) === 'text' ? 'text' : 'builder'
}

function keepView(storage: Storage, userId: string, view: ConditionView): void {
  try {
    storage.setItem(keyOf(userId), view)
  } catch {
    // Full or forbidden: the choice holds as long as the form is open.
  }
}
