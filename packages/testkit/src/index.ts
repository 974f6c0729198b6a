export {
  DEMO_OUT_OF_ORDERNESS_MS,
  DEMO_PRODUCTS,
  DEMO_USERS,
  type DemoClick,
  type DemoItem,
  type DemoOrder,
  type DemoProduct,
  type DemoTiming,
  type DemoUser,
  demoClick,
  demoOrder,
  demoProduct,
  demoUser,
} from './demo-data.ts'
export {
  demoOracle,
  type OracleDocument,
  type OracleOrder,
  type OracleReference,
  type OracleWindow,
} from './demo-oracle.ts'
export { type Example, parseExample } from './example/example.ts'
export { type NodeTypes, type PreparedExample, prepareExample } from './example/prepare-example.ts'
export { runExample } from './example/run-example.ts'
export { type FuzzOptions, fuzz, type KeptSeed } from './fuzz.ts'
