import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

/** A test may ask for Node in place of jsdom: then there is nothing to set up. */
if (typeof document !== 'undefined') {
  // On a busy machine an answer that is there at once may still take seconds to be drawn.
  configure({ asyncUtilTimeout: 30_000 })
  afterEach(() => cleanup())
  addMissing()
}

/** jsdom has no layout and no fonts: media queries match nothing, and nothing ever changes its size. */
function addMissing(): void {
  globalThis.matchMedia ??= (media) =>
    ({
      media,
      matches: false,
      onchange: null,
      addEventListener() {},
      removeEventListener() {},
      addListener() {},
      removeListener() {},
      dispatchEvent: () => false,
    }) as MediaQueryList
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  // CodeMirror measures text by ranges.
  Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList
  Range.prototype.getBoundingClientRect ??= () => new DOMRect()
  Element.prototype.scrollIntoView ??= () => {}
  if (document.fonts === undefined) Object.defineProperty(document, 'fonts', { value: new EventTarget() })
}
