// The directory target: a folder on this machine that is served to the world.
import type { Publisher } from '../publisher.ts'
import { createWebRootPublisher } from '../web-root.ts'
import type { DirectoryOptions } from './options.ts'

export function createDirectoryPublisher(options: DirectoryOptions): Publisher {
  return createWebRootPublisher(`folder ${options.path}`, options)
}
