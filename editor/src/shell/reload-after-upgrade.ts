const KEY = 'millrace.reloaded-at'

/** A page that cannot load its parts twice within this time has another problem, ms. */
const PAUSE = 30_000

/**
 * Loads the page anew when one of its parts is gone because Millrace was upgraded while it was open; not again and again.
 * Unsaved edits are kept by the page itself.
 */
export function reloadAfterUpgrade(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  reload: () => void = () => location.reload(),
): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(storage.getItem(KEY) ?? 0)
    if (Date.now() - last < PAUSE) return
    event.preventDefault()
    storage.setItem(KEY, String(Date.now()))
    reload()
  })
}
