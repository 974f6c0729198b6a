import { measureWindowHeap } from './window-heap.ts'

/** Prints how many megabytes a million groups of a window take: `node --expose-gc … '<config>' <groups>`. */
const [config = '{}', groups = '0'] = process.argv.slice(2)
console.log(await measureWindowHeap(JSON.parse(config), Number(groups)))
