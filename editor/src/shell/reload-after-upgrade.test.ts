import { expect, test, vi } from 'vitest'
import { reloadAfterUpgrade } from './reload-after-upgrade.ts'

test('a page whose parts are gone is loaded anew once, not again and again', () => {
  const reload = vi.fn()
  reloadAfterUpgrade(sessionStorage, reload)
  window.dispatchEvent(new Event('vite:preloadError', { cancelable: true }))
  window.dispatchEvent(new Event('vite:preloadError', { cancelable: true }))
  expect(reload).toHaveBeenCalledTimes(1)
})
