export { archive, catalogue, enrich, filter, orders, textStream, union, window } from './definitions.ts'
export { diamondLadder, edge, node, pipeline, soundPipeline } from './graphs.ts'
