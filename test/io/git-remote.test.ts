import { describe, expect, test } from 'vitest'
import { branchProblem, parseRemote } from '../../src/io/git-remote.ts'
import { redact } from '../../src/redact.ts'

const read = (repo: string) => {
  const parsed = parseRemote(repo, '/base folder')
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.remote
}
const problemOf = (repo: string) => {
  const parsed = parseRemote(repo, '/base')
  return 'problem' in parsed ? parsed.problem : undefined
}

describe('the address of a repository', () => {
  test.each([
    ['git@github.com:acme/sitemap.git', 'ssh', 'git@github.com:acme/sitemap.git', 'acme/sitemap'],
    ['github:sitemap', 'ssh', 'github:sitemap', 'sitemap'],
    [
      'ssh://git@host:2222/srv/git/acme/sitemap.git',
      'ssh',
      'ssh://git@host:2222/srv/git/acme/sitemap.git',
      'acme/sitemap',
    ],
    ['git@[::1]:sitemap.git', 'ssh', 'git@[::1]:sitemap.git', 'sitemap'],
    ['https://gitlab.example/a/b/c.git/', 'https', 'https://gitlab.example/a/b/c.git/', 'b/c'],
    ['http://127.0.0.1:8080/shop.git', 'http', 'http://127.0.0.1:8080/shop.git', 'shop'],
    ['file:///srv/git/sitemap.git', 'file', 'file:///srv/git/sitemap.git', 'git/sitemap'],
    ['/srv/git/sitemap.git', 'file', 'file:///srv/git/sitemap.git', 'git/sitemap'],
    ['../sitemap.git', 'file', 'file:///sitemap.git', 'sitemap'],
    ['repos/a b.git', 'file', 'file:///base%20folder/repos/a%20b.git', 'repos/a b'],
    ['./a:b.git', 'file', 'file:///base%20folder/a:b.git', 'base folder/a:b'],
  ])('%s is taken', (repo, transport, url, label) => {
    expect(read(repo)).toMatchObject({ transport, url, label, username: undefined, password: undefined })
  })

  test.each([
    ['', /empty/],
    ['-oProxyCommand=id', /begins with "-"/],
    ['--upload-pack=id', /begins with "-"/],
    ['ssh://-oProxyCommand=id/x.git', /"-"|valid/],
    ['ssh://git@host/-x', /"-"/],
    ['-x@host:repo', /"-"/],
    ['git@-host:repo', /"-"/],
    ['git@host:-repo', /"-"/],
    ['ext::sh -c id', /helper/],
    ['fd::17', /helper/],
    ['git://host/x.git', /"git:/],
    ['ftp://host/x.git', /"ftp:/],
    ['http://git.example/x.git', /http:\/\/ address/],
    ['http://127.0.0.1.evil.example/x.git', /http:\/\/ address/],
    ['git@host:a\nb', /control character/],
    ['https://host/a\u0000b', /control character/],
    ['ssh://git:secret@host/x.git', /password/],
    ['git:secret@host:x.git', /password|"-"|valid/],
    ['https://host', /no repository/],
    ['https://host/a.git?token=secret', /"\?"/],
    ['file://host/x.git', /file:/],
    ['https://to%ken:x@host/a.git', /percent|valid/],
  ])('%s is refused', (repo, problem) => {
    expect(problemOf(repo)).toMatch(problem)
    expect(problemOf(repo)).not.toContain('secret')
  })

  test('gives up its credentials, percent-decoded, and they are secrets from then on', () => {
    const remote = read('https://robot:p%40ss-in-url@git.example:8443/acme/sitemap.git')
    expect(remote).toMatchObject({
      url: 'https://git.example:8443/acme/sitemap.git',
      username: 'robot',
      password: 'p@ss-in-url',
    })
    expect(redact('p@ss-in-url p%40ss-in-url')).toBe('*** ***')
    expect(redact(Buffer.from('robot:p@ss-in-url').toString('base64'))).toMatch(/^\*\*\*=*$/)
  })

  test('may have a token alone before its host', () => {
    expect(read('https://lonely-token@git.example/a/b.git')).toMatchObject({
      url: 'https://git.example/a/b.git',
      username: 'lonely-token',
      password: undefined,
    })
    expect(redact('lonely-token')).toBe('***')
  })
})

test('names of branches that git would take for something else are refused', () => {
  for (const name of [
    '',
    '-x',
    'a..b',
    'a b',
    'a~1',
    'a:b',
    '@{u}',
    'a.lock',
    'a/',
    '/a',
    'a//b',
    '.a',
    'a/.b',
    '@',
    'a\\b',
  ]) {
    expect(branchProblem(name), name).toBeDefined()
  }
  for (const name of ['master', 'main', 'feature/sitemap-2', 'ü', 'a.b', 'release@2']) {
    expect(branchProblem(name), name).toBeUndefined()
  }
})
