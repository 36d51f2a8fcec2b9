// The HTTP target: a folder that "storemap serve" serves by itself. A publish fills it; whoever serves it sees that.
import type { Publisher } from '../publisher.ts'
import { createWebRootPublisher } from '../web-root.ts'

export function createHttpPublisher({ port, path }: { readonly port: number; readonly path: string }): Publisher {
  return createWebRootPublisher(`server on port ${port}`, { path, switch: 'link' })
}
