/**
 * What browsers and Node both offer beyond ECMAScript and this package needs. All of it is pure. Declared here because
 * the package is compiled without the types of either.
 */
interface Platform {
  readonly TextDecoder: new (
    label: 'utf-8',
    options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string }
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly atob: (base64: string) => string
  readonly btoa: (latin1: string) => string
}

/** The platform's functions. */
export const platform = globalThis as unknown as Platform
