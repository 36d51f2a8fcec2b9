// The sitemaps.org schemas, as xmllint reads them: the reader that minds order, forms and unknown elements.
// They are kept beside the repository, not in it.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from './build-once.ts'
import { isSitemapIndex, readXml, sitemapFiles } from './bundle-files.ts'

export const schemaDir: string = join(repositoryRoot, '../shared/xsd')

export interface SchemaCheck {
  readonly files: readonly string[]
  readonly problems: readonly string[]
}

/** Validates every `.xml` and `.xml.gz` of a folder: an index as an index, anything else as a urlset. */
export async function checkSchemas(folder: string): Promise<SchemaCheck> {
  const files = await sitemapFiles(folder)
  const problems: string[] = []
  for (const name of files) {
    const xml = await readXml(folder, name)
    const schema = isSitemapIndex(xml) ? 'siteindex.xsd' : 'all-local.xsd'
    const complaints = await xmllint(xml, join(schemaDir, schema))
    problems.push(...complaints.map(complaint => `${name}: ${complaint}`))
  }
  return { files, problems }
}

async function xmllint(xml: string, schema: string): Promise<string[]> {
  const child = spawn('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve)
  })
  child.stdin.on('error', () => {}) // it may give up before it has read all; its exit code tells
  child.stdin.end(xml)
  const status = await ended
  if (status === 0) return []
  // 1 is "not well-formed", 3 "not valid"; the others are not about the document.
  if (status !== 1 && status !== 3) throw new Error(`xmllint ended with ${status}: ${stderr.trim()}`)
  return stderr
    .trim()
    .split('\n')
    .filter(line => line !== '- fails to validate')
}
