// A real nginx on a free port, which answers every path that it does not know with the front end's page, as shops do.
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { until } from '../helpers/cli.ts'
import { find, run, start } from './parts.ts'

export interface Nginx {
  readonly url: string
  close(): Promise<void>
}

export interface NginxOptions {
  /** For its own files. */
  readonly dir: string
  readonly root: string
  /** What a user includes in the server block. */
  readonly snippet: string
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** The configuration of a front end, with the snippet in it. */
export function nginxConfig({ root, port, snippet }: { root: string; port: number; snippet: string }): string {
  return `worker_processes 1;
error_log stderr notice;
events { worker_connections 64; }
http {
  access_log off;
  types { text/html html; text/xml xml; }
  server {
    listen 127.0.0.1:${port};
    ${snippet}
    location / {
      root ${JSON.stringify(root)};
      try_files $uri /index.html;
    }
  }
}
`
}

export async function startNginx({ dir, root, snippet }: NginxOptions): Promise<Nginx> {
  const program = find('nginx') as string
  const port = await freePort()
  const config = join(dir, 'nginx.conf')
  await mkdir(join(dir, 'logs'), { recursive: true })
  const text = `daemon off;\npid ${dir}/nginx.pid;\nuser ${process.getuid?.() === 0 ? 'root' : 'nobody'};\n${nginxConfig({ root, port, snippet })}`
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    name => `${name}_temp_path ${dir}/${name};`,
  )
  await writeFile(config, text.replace('http {', `http {\n  ${temporary.join('\n  ')}`))
  const tested = await run(program, ['-t', '-c', config])
  if (tested.code !== 0) throw new Error(tested.stderr)
  const server = start(program, ['-c', config])
  const url = `http://127.0.0.1:${port}`
  await until('nginx answers', () =>
    fetch(url).then(
      () => true,
      () => server.child.exitCode !== null,
    ),
  )
  return {
    url,
    async close() {
      server.child.kill('SIGTERM')
      await server.ended
    },
  }
}
