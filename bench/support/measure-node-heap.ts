import { measureNodeHeap } from './node-heap.ts'

/** Prints how many megabytes a node takes for a million users: `node --expose-gc … '<type and config>' <users>`. */
const [node = '', users = '0'] = process.argv.slice(2)
console.log(await measureNodeHeap(JSON.parse(node), Number(users)))
