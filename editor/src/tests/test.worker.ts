import { catalogue, runtimes } from '@millrace/nodes'
import type { TestRequest } from './test-protocol.ts'
import { answerTest } from './test-server.ts'

self.onmessage = async ({ data }: MessageEvent<TestRequest>) => {
  self.postMessage(await answerTest(data, { catalogue, runtimes }))
}
