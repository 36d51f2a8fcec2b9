// Templates: whatever a user answers stays one word, one scalar, one literal of where it stands.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is looked for
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { render } from '../../src/deploy/render.ts'
import { find, run, templatesDir } from './parts.ts'

const HOSTILE = [
  '',
  'plain',
  'two words',
  "it's",
  "'; touch sprung; '",
  '$(touch sprung) `touch sprung` ${HOME}',
  '"quoted" \\ back\\\\slash',
  '# no comment: { [ & * ! | > %',
  '-n',
  '~/x',
  'yes',
  '0123',
  '${{ secrets.KEY }}',
  '{{name|sh}}',
  '\u2028\u00a0\u0085é😀',
]

test.each(HOSTILE)('%j stays what it is in a shell, in YAML, in JSON, in Python and in SQL', async value => {
  const values = { name: value }
  for (const shell of ['dash', 'bash'].filter(find)) {
    const said = await run(shell, ['-c', render('printf %s {{name|sh}}', values)], { cwd: '/' })
    expect(Buffer.from(said.stdout, 'latin1').toString('utf8')).toBe(value)
  }
  expect(parse(render('key: {{name|yaml}}\nnext: 1\n', values))).toEqual({ key: value, next: 1 })
  expect(JSON.parse(render('{ "key": {{name|json}} }', values))).toEqual({ key: value })
  if (find('python3')) {
    const said = await run('python3', [
      '-c',
      render('import sys\nsys.stdout.buffer.write({{name|python}}.encode("utf-8","surrogatepass"))', values),
    ])
    expect(Buffer.from(said.stdout, 'latin1').toString('utf16le').length).toBeGreaterThanOrEqual(0)
    expect(said.code, said.stderr).toBe(0)
  }
  expect(render('SELECT {{name|sql}}', values)).toBe(`SELECT '${value.replaceAll("'", "''")}'`)
  expect(render('GRANT {{name|sqlName}}', { name: 'a"b' })).toBe('GRANT "a""b"')
})

test('a value with a line break, and one that cannot stand in its place, is refused', () => {
  for (const value of ['a\nb', 'a\0', 'a\rb', '\u001b[31m']) {
    for (const place of ['sh', 'yaml', 'kubernetes', 'json', 'nginx', 'sql', 'comment', 'cron'])
      expect(() => render(`{{name|${place}}}`, { name: value }), place).toThrow('cannot stand in')
  }
  expect(() => render('root {{name|nginx}};', { name: '/srv/$host' })).toThrow('cannot stand in nginx')
  expect(() => render('{{name|cron}} run', { name: '0 3 * * * root' })).not.toThrow()
  expect(() => render('{{name|cron}} run', { name: '0 3 * * *; true' })).toThrow('cannot stand in cron')
})

test('a placeholder that nobody fills, or without a place, is a mistake of the template', () => {
  expect(() => render('{{other|sh}}', { name: 'x' })).toThrow('there is no value for the placeholder {{other|sh}}')
  expect(() => render('{{name}}', { name: 'x' })).toThrow('the placeholder {{name}} has no known place')
  expect(() => render('{{name|html}}', { name: 'x' })).toThrow('has no known place')
  expect(() => render('{{constructor|sh}}', {})).toThrow('there is no value')
  expect(render('${{ secrets.KEY }} {{port|json}}', { port: 22 })).toBe('${{ secrets.KEY }} "22"')
})

test('a line with a condition is there where its name has a value, and leaves no empty one', () => {
  const template = 'all:\n  {{?ssh}}- --key={{key|yaml}}\n  {{?https}}- --token\n{{?ssh}}end\n'
  expect(render(template, { ssh: 'yes', https: '', key: 'k' })).toBe('all:\n  - --key="k"\nend\n')
  expect(render(template, { ssh: '', https: 'yes', key: 'k' })).toBe('all:\n  - --token\n')
  expect(() => render(template, { ssh: '', key: 'k' })).toThrow('there is no value for the condition {{?https}}')
})

test('every template has only placeholders with a known place', async () => {
  const names = await readdir(templatesDir, { recursive: true, withFileTypes: true })
  for (const file of names.filter(each => each.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), 'utf8')
    const inside = [...text.matchAll(/(?<!\$)\{\{([^{}\n]*)\}\}/g)].map(
      match => (match[1] as string).replace('?', '').split('|')[0] as string,
    )
    const values = Object.fromEntries(inside.map(name => [name, '0']))
    expect(() => render(text, values), file.name).not.toThrow()
  }
})
