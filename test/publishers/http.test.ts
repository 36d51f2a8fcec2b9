import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createHttpPublisher } from '../../src/publishers/http/http.ts'
import { httpOptions } from '../../src/publishers/http/options.ts'
import { serveTargets } from '../../src/server/server.ts'
import { describePublisher } from '../contracts/publisher.ts'
import { tempFolder } from '../helpers/bundle.ts'

describePublisher('the HTTP publisher', async () => {
  const temp = await tempFolder()
  const failures: unknown[] = []
  const targets = [{ site: 'shop.example.com', dir: temp.path, host: '127.0.0.1', port: 0 }]
  const servers = await serveTargets(targets, { onFailure: cause => failures.push(cause) })
  const url = servers.list[0]?.url
  return {
    publisher: createHttpPublisher({ port: 8080, path: temp.path }),
    readFile: async name => {
      const response = await fetch(`${url}/${name}`)
      const bytes = Buffer.from(await response.arrayBuffer())
      return response.ok ? bytes : undefined
    },
    readForeign: name => readFile(join(temp.path, name)),
    writeForeign: (name, text) => writeFile(join(temp.path, name), text),
    dispose: async () => {
      await servers.close()
      await temp[Symbol.asyncDispose]()
      expect(failures).toEqual([])
    },
  }
})

describe('the HTTP publisher', () => {
  test('is named after its port, and keeps no state', () => {
    expect(createHttpPublisher({ port: 8080, path: '/nowhere' })).toMatchObject({
      name: 'server on port 8080',
      keepsState: false,
    })
  })
})

describe('the options of an HTTP target', () => {
  test('are a port, as a number or from the environment, or a port and where', () => {
    const plain = { port: 8080, host: '127.0.0.1', directory: undefined }
    expect(httpOptions.parse(8080)).toEqual(plain)
    expect(httpOptions.parse('8080')).toEqual(plain)
    expect(httpOptions.parse({ port: 8080 })).toEqual(plain)
    expect(httpOptions.parse({ port: '80', host: '::', directory: './d' })).toEqual({
      port: 80,
      host: '::',
      directory: './d',
    })
  })

  test('refuse what is no port, no host or no folder, and an unknown key', () => {
    const wrong = [0, 65_536, -1, 80.5, '', '8080/tcp', 'http', true, {}, { port: 0 }, { port: 80, host: 'a/b' }]
    for (const options of [...wrong, { port: 80, host: '' }, { port: 80, directory: '' }, { port: 80, path: 'a' }]) {
      expect(httpOptions.safeParse(options).success, JSON.stringify(options)).toBe(false)
    }
  })
})
