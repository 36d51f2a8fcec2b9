// Several sites in one configuration: what they share, what is their own, and all their mistakes at once.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadSite, loadSites, selectSites } from '../../src/compose.ts'
import { ConfigError } from '../../src/errors.ts'

const STATIC = { static: { of: 'list', paths: ['/'] } }
const site = (name: string, more: object = {}) => ({
  site: `https://${name}.example.com`,
  publish: [{ directory: `./${name}` }],
  ...more,
})

const load = (config: object) => loadSites({ config, folder: tmpdir(), environment: { NAME: 'x' } })
const problemsIn = async (config: object) => {
  const error = await load(config).catch((cause: unknown) => cause)
  if (!(error instanceof ConfigError)) throw new Error(`no mistakes: ${String(error)}`)
  return error.problems.map(({ path, message }) => `${path}: ${message}`)
}

describe('several sites', () => {
  test('take what stands beside them, unless they have it themselves', async () => {
    const sites = await load({
      sections: STATIC,
      guard: { maxShrink: '5%' },
      gzip: true,
      sites: { de: site('de'), us: site('us', { gzip: false, sections: { own: { of: 'list', paths: ['/us'] } } }) },
    })
    expect(sites.map(({ key, job }) => [key, job.site, job.gzip, job.guard.maxShrinkPercent])).toEqual([
      ['de', 'https://de.example.com', true, 5],
      ['us', 'https://us.example.com', false, 5],
    ])
    expect(sites.map(({ job }) => job.sections.map(({ name }) => name))).toEqual([['static'], ['own']])
    expect(new Set(sites.map(({ lockKey }) => lockKey)).size).toBe(2)
  })

  test('are chosen by name, host or address, and an unknown one is told with those there are', async () => {
    const sites = await load({ sections: STATIC, sites: { de: site('de'), us: site('us') } })
    const chosen = (...names: string[]) => selectSites(sites, names).map(({ key }) => key)
    expect(chosen()).toEqual(['de', 'us'])
    expect(chosen('us')).toEqual(['us'])
    expect(chosen('us.example.com', 'https://de.example.com')).toEqual(['de', 'us'])
    expect(() => chosen('fr')).toThrow('no site fr')
    await expect(
      loadSite({
        config: { sections: STATIC, sites: { de: site('de'), us: site('us') } },
        folder: tmpdir(),
        environment: {},
      }),
    ).rejects.toMatchObject({ code: 'SITE_UNNAMED', exitCode: 2, hint: 'It has de, us.' })
  })

  test('have their mistakes told all at once, each where it stands, a shared one once', async () => {
    const problems = await problemsIn({
      site: 'https://beside.example.com',
      sections: STATIC,
      schedule: 'never',
      limits: { entries: 0 },
      sites: {
        de: site('de', { gzipp: true }),
        us: { site: 'https://us.example.com/shop', publish: [{ directory: 'de' }] },
        'a b': site('ab'),
        none: 5,
        nameless: { publish: [] },
      },
    })
    const paths = problems.map(problem => problem.replace(/:.*/s, ''))
    expect(paths).toEqual(
      expect.arrayContaining(['site', 'schedule', 'limits.entries', 'sites.de.gzipp', 'sites.us.site']),
    )
    expect(paths).toEqual(expect.arrayContaining(['sites.a b', 'sites.none', 'sites.nameless.site']))
    expect(paths.filter(path => path === 'schedule')).toHaveLength(1)
    expect(paths.filter(path => path === 'limits.entries')).toHaveLength(1)
  })

  test('must not share a target or a host', async () => {
    const problems = await problemsIn({
      sections: STATIC,
      sites: {
        de: site('de'),
        us: site('us', { publish: [{ directory: 'us' }, { directory: 'de' }] }),
        twin: { ...site('de'), publish: [] },
      },
    })
    expect(problems).toEqual([
      'sites.us.publish[1]: The same target as sites.de.publish[0]: each site needs a place of its own.',
      'sites.twin.site: The same site as sites.de.',
    ])
  })

  test('may share a port where a host of their own tells them apart, and the address to listen on is one', async () => {
    const http = (port: number, host = '0.0.0.0') => [{ http: { port, host } }]
    const sites = (us: object) => ({ sections: STATIC, sites: { de: site('de', { publish: http(80) }), us } })
    expect(await load(sites(site('us', { publish: http(80) })))).toHaveLength(2)
    expect(await load(sites(site('us', { publish: http(81, '127.0.0.1') })))).toHaveLength(2)
    expect(await problemsIn(sites(site('us', { publish: http(80, '127.0.0.1') })))).toEqual([
      'sites.us.publish[0].http: Port 80 is that of sites.de.publish[0].http on another "host".',
    ])
    const plain = { site: 'http://de.example.com', publish: [{ http: { port: 80, host: '0.0.0.0', directory: 'us' } }] }
    expect(await problemsIn(sites(plain))).toEqual([
      'sites.us.publish[0].http: Port 80 is that of sites.de.publish[0].http, whose site has the same host.',
    ])
  })

  test('have a folder for each where a port for all is named beside them', async () => {
    const only = (name: string) => ({ site: `https://${name}.example.com:8443` })
    const sites = await load({ sections: STATIC, publish: [{ http: 80 }], sites: { de: only('de'), us: only('us') } })
    const folders = ['de', 'us'].map(name => join(tmpdir(), `.storemap/http/${name}.example.com-8443`))
    expect(sites.flatMap(({ httpTargets }) => httpTargets.map(({ dir }) => dir))).toEqual(folders)
  })

  test.each([{}, [], 'de', null, 5])('are refused as %j', async sites => {
    const problems = await problemsIn({ sections: STATIC, sites })
    expect(problems.join()).toMatch(/^sites: Expected a configuration for each site/)
  })
})
