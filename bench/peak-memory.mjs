// Loaded into the measured process: writes its peak memory (bytes) to the file that STOREMAP_PEAK_FILE names.
import { writeFileSync } from 'node:fs'

process.once('exit', () => {
  writeFileSync(process.env.STOREMAP_PEAK_FILE, String(process.resourceUsage().maxRSS * 1024))
})
