import { catalogue, runtimes } from '@millrace/nodes'
import { createPreviewServer } from './preview-server.ts'
import type { PreviewRequest } from './protocol.ts'

const answer = createPreviewServer({ catalogue, runtimes, now: () => performance.now() })

self.onmessage = async ({ data }: MessageEvent<PreviewRequest>) => {
  const answered = await answer(data)
  if (answered !== null) self.postMessage(answered)
}
