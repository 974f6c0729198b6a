export { type Example, parseExample } from './example/example.ts'
export type { NodeTypes } from './example/prepare-example.ts'
export { runExample } from './example/run-example.ts'
export { type FuzzOptions, fuzz, type KeptSeed } from './fuzz.ts'
