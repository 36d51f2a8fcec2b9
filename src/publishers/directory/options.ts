// Options of the directory target: `directory: ./public`, or `{ path, switch }`.
import { z } from 'zod'

const path = z.string().min(1).describe("Folder that is served to the world; relative to the configuration's folder.")

const switchMode = z
  .enum(['link', 'copy'])
  .default('link')
  .describe(
    'How a new bundle takes its place. "link": names are links, all switched at one instant. ' +
      '"copy": plain files in a safe order, for web servers and uploads that follow no links.',
  )

export const directoryOptions = z
  .union([
    path.transform(text => ({ path: text, switch: 'link' as const })),
    z.strictObject({ path, switch: switchMode }),
  ])
  .describe('A folder on this machine, where the bundle lies beside files of others.')

export type DirectoryOptions = z.output<typeof directoryOptions>
