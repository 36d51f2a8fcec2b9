// The command line: what commands and options there are. Each command loads when it is called, so --help stays quick.
import { Command, CommanderError } from 'commander'
import { createOutput, type Output, type OutputOptions } from './output.ts'
import { readVersion } from './version.ts'

/** As people write it. */
const REFERENCE = '$' + '{NAME}'

export type CommandResult = Promise<number>

export interface GlobalOptions extends OutputOptions {
  readonly config?: string
}

/** Runs one command line; resolves with the exit code: 0 done, 1 failed, 2 wrong use, 3 held back, 75 try again. */
export async function runCli(args: readonly string[]): Promise<number> {
  // Who read our output may be gone, as after "| head": the work goes on without them.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreBrokenPipe)
  let exitCode = 0
  const program = createProgram(code => {
    exitCode = code
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause
    return cause.exitCode === 0 ? 0 : 2
  }
  return exitCode
}

function ignoreBrokenPipe(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'EPIPE') throw cause
}

function createProgram(exit: (code: number) => void): Command {
  const program = new Command('storemap')
    .description('The sitemap engine for shops whose front end and back end are deployed apart.')
    .version(readVersion(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('Run "storemap --help" for all commands.')
    .configureHelp({ sortSubcommands: false })

  const command = (usage: string, description: string): Command =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'print JSON, for programs')
      .option('--quiet', 'print nothing but the result and errors')
      .option('--verbose', 'print causes, too')
      .option('--no-color', 'print without colours')
      .exitOverride()
  const withConfig = (usage: string, description: string): Command =>
    command(`${usage} [sites...]`, description).option(
      '--config <file>',
      'configuration; default: found in the working folder and above',
    )

  const act = <Options extends GlobalOptions>(
    load: () => Promise<(args: string[], options: Options, output: Output) => CommandResult>,
  ) => {
    return async (...given: unknown[]): Promise<void> => {
      const self = given.at(-1) as Command
      const options = self.opts() as Options
      const output = createOutput(options)
      exit(await output.guard(async () => (await load())(self.args, options, output)))
    }
  }

  command('init [dir]', 'write the files of a shop: configuration, workflow, server, front end; asks')
    .option('--yes', 'ask nothing: what is not given is as it mostly is')
    .option('--overwrite', 'replace files that are there and different')
    .option('--site <url>', 'scheme and host of the shop')
    .option('--channel <slug>', 'the channel of Saleor; default: default-channel')
    .option('--storefront <name>', 'a storefront whose addresses are known')
    .option('--product-url <path>', 'where the page of a product is; default: /products/{slug}')
    .option('--locale <code>', 'the language of a storefront that has it in its addresses; default: en')
    .option('--router <place>', "the front end's router: a file or folder, or a repository, with #path in it")
    .option('--repo <repo>', 'the repository that carries the sitemap')
    .option('--branch <name>', 'its branch; default: master')
    .option('--schedule <cron>', 'when it is renewed, in UTC; default: 0 3 * * *')
    .option('--way <way>', 'how the shop serves it: docker, kubernetes or folder; default: docker')
    .option('--runner <runner>', 'what starts a run: serve, cron or celery; default: serve, in Kubernetes cron')
    .option('--server <host>', 'the Docker server')
    .option('--server-port <port>', 'its port for ssh; default: 22')
    .option('--container <name>', "the front end's container; default: front-end")
    .option('--web-root <dir>', 'the folder in it that is served; default: /usr/share/nginx/html')
    .option('--by <how>', 'Docker: clone, or stream into a container without git; Kubernetes: pull, git-sync or server')
    .option('--image <name>', "Storemap's image; default: storemap:latest, in Kubernetes none")
    .option('--namespace <name>', 'of Kubernetes, for the generator; default: default')
    .option('--deployment <name>', "the front end's in Kubernetes; default: as its container")
    .option('--ingress-class <name>', 'of the Ingress of --by server; default: what the cluster takes')
    .option('--git-sync-image <name>', 'of git-sync, as its project names its release')
    .action(act(async () => (await import('./commands/init.ts')).init))
  withConfig('build', 'make the bundle in a folder; publish nothing')
    .option('--out <dir>', 'the folder', 'sitemap')
    .action(act(async () => (await import('./commands/build.ts')).build))
  withConfig('run', 'build, compare, guard, publish')
    .option('--accept', 'publish what the guard held back')
    .option('--adopt', 'take over, once, files of others that stand where ours go')
    .action(act(async () => (await import('./commands/run.ts')).run))
  withConfig('serve', 'run on the schedule of the configuration, until SIGTERM')
    .option('--now', 'run at the start, too; again until it succeeds')
    .action(act(async () => (await import('./commands/serve.ts')).serve))
  withConfig('diff', 'what a run would change, and why')
    .option('--exact', 'count every record for what each condition removed, where large tables are sampled')
    .action(act(async () => (await import('./commands/diff.ts')).diff))
  command('explain <url|path|slug|id> [sites...]', 'why it is in the sitemap, or why not')
    .option('--config <file>', 'configuration; default: found in the working folder and above')
    .action(act(async () => (await import('./commands/explain.ts')).explain))
  command(
    'fields [kind] [sites...]',
    'what rules and URLs can name in this shop, of products, categories, collections or pages',
  )
    .option('--config <file>', 'configuration; default: found in the working folder and above')
    .action(act(async () => (await import('./commands/fields.ts')).fields))
  withConfig('routes', 'every route of the front end, and what becomes of it')
    .option(
      '--router <path>',
      "a front end's file or folder instead of a configuration; with --json, the text of a routes.json",
    )
    .action(act(async () => (await import('./commands/routes.ts')).routes))
  command('pull', "fetch the published bundle into a folder: the front end's side; needs no configuration")
    .requiredOption('--from <repo>', `the repository; ${REFERENCE} takes an environment variable`)
    .option('--branch <name>', 'its branch', 'master')
    .requiredOption('--to <dir>', 'the folder that is served')
    .option('--watch <period>', 'again and again, as every 60s, until SIGTERM')
    .option('--http <port>', 'serve the folder meanwhile, with --watch: 8080, or 0.0.0.0:8080')
    .option('--switch <how>', '"link" (all at one instant) or "copy" (plain files)', 'link')
    .option('--adopt', 'take over, once, files of others that stand where ours go')
    .option('--ssh-key <file>', 'private key for ssh')
    .option('--known-hosts <file>', "the server's host keys")
    .option(
      '--token <reference>',
      `access token for https, as ${REFERENCE}; default: STOREMAP_TOKEN, or STOREMAP_TOKEN_FILE`,
    )
    .option('--timeout <time>', 'for each command that talks to the remote', '5m')
    .action(act(async () => (await import('./commands/pull.ts')).pull))
  command('verify', 'does the live site serve the published bundle? Asks until it does')
    .requiredOption('--site <url>', `scheme and host of the shop; ${REFERENCE} takes an environment variable`)
    .requiredOption('--from <repo>', 'the repository, or a folder that has the bundle')
    .option('--branch <name>', 'its branch', 'master')
    .option('--timeout <time>', 'how long it is asked again', '2m')
    .option('--no-robots', 'robots.txt need not name the sitemap')
    .option('--ssh-key <file>', 'private key for ssh')
    .option('--known-hosts <file>', "the server's host keys")
    .option('--token <reference>', `access token for https, as ${REFERENCE}`)
    .action(act(async () => (await import('./commands/verify.ts')).verify))
  withConfig('doctor', 'is everything there that a run and its way to the front end need?')
    .option('--container <name>', "the front end's container, asked by docker exec")
    .option('--web-root <dir>', 'the folder in it that is served', '/usr/share/nginx/html')
    .option('--docker-host <address>', "of the docker server, as docker's own --host")
    .option('--timeout <time>', 'for each thing that is looked at', '30s')
    .action(act(async () => (await import('./commands/doctor.ts')).doctor))
  command('check <dir>', 'does a bundle keep the protocol and its own manifest?').action(
    act(async () => (await import('./commands/check.ts')).check),
  )
  command('demo', 'the whole way once, with a shop of its own')
    .option('--keep', 'leave it running')
    .option('--database <url>', 'an empty PostgreSQL database of yours instead of an embedded server')
    .option('--port <number>', 'where the front end is served', '0')
    .action(act(async () => (await import('./commands/demo.ts')).demo))
  return program
}
