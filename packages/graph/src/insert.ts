import { ChangeError } from './change-error.ts'
import { ID_PATTERN } from './limits.ts'

const id = new RegExp(ID_PATTERN)

/**
 * Puts an item with an id of its own into a list.
 *
 * @throws ChangeError where the id is no id or in use, or the index is outside the list
 */
export function insert<T extends { readonly id: string }>(
  list: readonly T[],
  item: T,
  at = list.length,
): readonly T[] {
  if (!id.test(item.id)) {
    throw new ChangeError(
      'invalid_id',
      `An id is 1 to 64 letters, digits, "-" or "_", not ${JSON.stringify(item.id)}.`,
    )
  }
  if (list.some((other) => other.id === item.id)) {
    throw new ChangeError('duplicate_id', `The id "${item.id}" is in use already.`)
  }
  if (!Number.isInteger(at) || at < 0 || at > list.length) {
    throw new ChangeError(
      'invalid_index',
      `The index must be a whole number from 0 to ${list.length}, not ${at}.`,
    )
  }
  return list.toSpliced(at, 0, item)
}
