// Draws docs/demo.svg: the demo's output as a terminal shows it. node scripts/demo-picture.mjs < output-of-the-demo
import { readFileSync, writeFileSync } from 'node:fs'

/** As many characters as fit. */
const COLUMNS = 104
const lines = readFileSync(0, 'utf8')
  .replace(/\n+$/, '')
  .split('\n')
  .map(line => (line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line))
const width = 860
const step = 17
const toXml = text =>
  text.replace(/[&<>]/g, char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char]).replaceAll(' ', '\u00a0')

function color(line) {
  if (/^ *✓/.test(line)) return '#7ee787'
  if (/^ *✗/.test(line)) return '#ff7b72'
  if (/^ *- http/.test(line)) return '#ff7b72'
  if (/^ +-?[\d,]+ {2}\w/.test(line)) return '#8b949e'
  if (/^(\d\. |Storemap|What should|The repository|Try next)/.test(line)) return '#ffffff'
  if (/^ {2}(published|unchanged)/.test(line)) return '#79c0ff'
  return '#c9d1d9'
}

const rows = lines.map(
  (line, index) => `<text x="18" y="${52 + index * step}" fill="${color(line)}">${toXml(line) || ' '}</text>`,
)
const height = 52 + lines.length * step
writeFileSync(
  new URL('../docs/demo.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<circle cx="22" cy="20" r="6" fill="#ff5f56"/><circle cx="42" cy="20" r="6" fill="#ffbd2e"/><circle cx="62" cy="20" r="6" fill="#27c93f"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`,
)
