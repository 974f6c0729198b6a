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
  /** Of Node alone. */
  readonly Buffer?: { readonly prototype: { readonly latin1Slice: Latin1Slice } }
}

/** The characters of the bytes between two positions, each a byte; called on the bytes. */
export type Latin1Slice = (this: Uint8Array, from: number, to: number) => string

/** The platform's functions. */
export const platform = globalThis as unknown as Platform
