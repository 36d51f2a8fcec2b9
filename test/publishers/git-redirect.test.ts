// A token is for the host it was configured for, whoever else asks for it.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createGitPublisher } from '../../src/publishers/git/git.ts'

let stranger: Server
let host: Server
const seen: string[] = []

beforeAll(async () => {
  stranger = createServer((request, response) => {
    seen.push(request.headers.authorization ?? 'none')
    response.writeHead(401, { 'www-authenticate': 'Basic realm="anything"' }).end()
  })
  await new Promise<void>(resolve => stranger.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://localhost:${(stranger.address() as AddressInfo).port}`
  host = createServer((request, response) => {
    response.writeHead(302, { location: `${elsewhere}${request.url}` }).end()
  })
  await new Promise<void>(resolve => host.listen(0, '127.0.0.1', resolve))
})

afterAll(() => {
  stranger.close()
  host.close()
})

it('a host that redirects to another does not get the token sent there', async () => {
  const repo = `http://127.0.0.1:${(host.address() as AddressInfo).port}/acme/sitemap.git`
  const options = { repo, branch: 'master', token: 'a-token-for-one-host' }
  const opening = createGitPublisher(options, { base: '/', timeoutMs: 20_000 }).open()
  await expect(opening).rejects.toMatchObject({ code: 'TARGET_AUTH_FAILED' })
  expect(seen.length).toBeGreaterThan(0)
  expect(new Set(seen)).toEqual(new Set(['none']))
})
