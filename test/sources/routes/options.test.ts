// The option `router`: what it takes, and what it says of a mistake.
import { describe, expect, test } from 'vitest'
import { routerOptions } from '../../../src/sources/routes/options.ts'

const repo = 'git@github.com:acme/storefront.git'
const problemsOf = (value: unknown): string =>
  JSON.stringify(routerOptions.safeParse(value).error?.issues ?? 'it was taken')

describe('the option router', () => {
  test.each([
    ['a file or a folder', '../storefront/src/routes.tsx'],
    ['a repository', { git: { repo } }],
    ['a branch', { git: { repo, ref: 'release/2.0' } }],
    ['a full name', { git: { repo, ref: 'refs/tags/v2.0' } }],
    ['a commit', { git: { repo, ref: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00' } }],
    ['a folder of the repository', { git: { repo, path: 'apps/shop' } }],
    ['keys', { git: { repo, sshKey: './key', knownHosts: './known_hosts' } }],
    ['a token', { git: { repo: 'https://github.com/acme/storefront', token: 'secret' } }],
  ])('takes %s, and nothing of it is altered', (_, value) => {
    expect(routerOptions.parse(value)).toEqual(value)
  })

  test.each([
    ['nothing', '', 'Too small'],
    ['an unknown setting', { git: { repo, branch: 'main' } }, 'branch'],
    ['no repository', { git: { ref: 'main' } }, 'repo'],
    ['an address that would run a command', { git: { repo: 'ext::sh -c date' } }, 'remote helper'],
    ['a ref that git would take for an option', { git: { repo, ref: '--upload-pack=x' } }, 'begins with'],
    ['a ref that is no name', { git: { repo, ref: 'main:other' } }, 'for a branch or a tag'],
    ['a path from the top of the disk', { git: { repo, path: '/src' } }, 'counts from the top of the repository'],
    ['a path that leads out', { git: { repo, path: 'src/../../x' } }, 'leads out of the repository'],
  ])('does not take %s', (_, value, problem) => {
    expect(problemsOf(value)).toContain(problem)
  })
})
