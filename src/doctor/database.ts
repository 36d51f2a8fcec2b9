// The shop's database: who we are there, what we may, and what its server allows.
import type { SiteConfig } from '../config/check.ts'
import { databaseLabel, openReadOnly, type ReadOnlyTransaction } from '../io/postgres.ts'
import { trusted } from '../rules/sql.ts'
import type { RecordQuery, Snapshot, Source } from '../sources/source.ts'
import type { Check, Looking, Tell } from './check.ts'
import { tellClock } from './clock.ts'
import { type DatabaseRole, tellRole } from './database-role.ts'
import { tellShop } from './database-shop.ts'
import { tellReplica } from './replica.ts'

export interface DatabaseOptions {
  readonly site: string | undefined
  readonly config: SiteConfig
  readonly source: Source
  readonly queries: readonly RecordQuery[]
}

export function databaseCheck(options: DatabaseOptions): Check {
  return { site: options.site, area: 'database', title: 'connection', look: looking => look(options, looking) }
}

async function look({ config, source, queries }: DatabaseOptions, { tell, signal, waitMs }: Looking): Promise<void> {
  const { timeouts } = config
  const saleor = config.source?.saleor
  if (saleor?.database === undefined) return
  const settings = {
    url: saleor.database,
    connectTimeoutMs: Math.min(timeouts.connect, waitMs),
    statementTimeoutMs: Math.min(timeouts.statement, waitMs),
  }
  const transaction = await openReadOnly(settings, signal)
  let isReadable = false
  try {
    const role = await tellConnection(tell, transaction, databaseLabel(saleor.database))
    await tellServerClock(tell, transaction)
    const needs = await tellShop(tell, transaction, { queries, role, ...saleor })
    isReadable = needs?.isReadable === true
    await tellRole(tell, transaction, { role, tables: needs?.tables ?? [] })
    await tellTimeouts(tell, transaction, { statementMs: timeouts.statement, role })
    await tellRoom(tell, transaction)
    await tellReplica(tell, transaction, timeouts.statement)
  } finally {
    await transaction.close()
  }
  if (isReadable) await tellSections(tell, await source.open(signal), { queries, channel: saleor.channel })
}

async function tellConnection(tell: Tell, transaction: ReadOnlyTransaction, label: string): Promise<DatabaseRole> {
  const [row = []] = await transaction.query(
    trusted(`select current_user::text, current_database()::text, current_setting('server_version'),
      (select version from pg_stat_ssl where pid = pg_backend_pid() and ssl),
      coalesce(inet_server_addr() is null or inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1', true)::text`),
  )
  const [name, database, version, tls, isHere] = row as [string, string, string, string | null, string]
  const [plain = ''] = version.split(' ')
  const found = `${label}, PostgreSQL ${plain}, as ${name}`
  if (tls !== null) tell.ok('connection', `${found}, ${tls}`)
  else if (isHere === 'true') tell.ok('connection', `${found}, not encrypted, on this machine`)
  else {
    tell.warn('connection', `${found}, not encrypted: whoever is on the way can read the password and the shop`, {
      remedy:
        'Where the server speaks TLS, write "?sslmode=verify-full" behind the address ("sslrootcert" names its authority).',
    })
  }
  return { name, database }
}

async function tellServerClock(tell: Tell, transaction: ReadOnlyTransaction): Promise<void> {
  const asked = Date.now()
  const [[theirs] = []] = await transaction.query(
    trusted('select (extract(epoch from clock_timestamp()) * 1000)::text'),
  )
  tellClock(tell, 'the database', { theirs: Number(theirs), asked, answered: Date.now() })
}

/** Ours replaces the role's own statement_timeout; what else ends a long transaction, it does not. */
async function tellTimeouts(
  tell: Tell,
  transaction: ReadOnlyTransaction,
  { statementMs, role }: { readonly statementMs: number; readonly role: DatabaseRole },
): Promise<void> {
  const rows = await transaction.query(
    trusted(`select name, reset_val from pg_settings
      where name in ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')`),
  )
  const set = new Map(rows.map(([name, value]) => [name as string, Number(value)]))
  const idle = set.get('idle_in_transaction_session_timeout') ?? 0
  const whole = set.get('transaction_timeout') ?? 0
  const quoted = quoteName(role.name)
  if (idle > 0 && idle < 60_000) {
    tell.warn(
      'timeouts',
      `the server ends a transaction that is idle for ${seconds(idle)}, as ours is between sections`,
      {
        remedy: `ALTER ROLE ${quoted} SET idle_in_transaction_session_timeout = '5min';`,
      },
    )
  } else if (whole > 0 && whole < statementMs) {
    tell.warn('timeouts', `the server ends every transaction after ${seconds(whole)}, and a run is one`, {
      remedy: `ALTER ROLE ${quoted} SET transaction_timeout = 0;`,
    })
  } else {
    const own = set.get('statement_timeout') ?? 0
    const instead = own > 0 && own < statementMs ? `, in the place of the role's own of ${seconds(own)}` : ''
    tell.ok('timeouts', `a run sets its own statement_timeout of ${seconds(statementMs)}${instead}`)
  }
}

const seconds = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`)

async function tellRoom(tell: Tell, transaction: ReadOnlyTransaction): Promise<void> {
  const [row = []] = await transaction.query(
    trusted(`select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - (select count(*) from pg_stat_activity where backend_type = 'client backend'),
      (select rolconnlimit - (select count(*) from pg_stat_activity where usename = current_user)
        from pg_roles where rolname = current_user and rolconnlimit >= 0)`),
  )
  const left = row.filter(value => value !== null && value !== undefined).map(Number)
  const least = Math.min(...left)
  if (least >= 2) tell.ok('connections', `${least} are free; a run takes one`)
  else {
    tell.warn('connections', `${least < 1 ? 'none is' : 'one is'} free besides this one, and a run takes one`, {
      remedy: 'Raise "max_connections" (or the role\'s CONNECTION LIMIT), or let the shop\'s own processes keep fewer.',
    })
  }
}

/** What a run says of the sections before it reads: names, channels, choices. That of the source's own is told already. */
async function tellSections(
  tell: Tell,
  snapshot: Snapshot,
  { queries, channel }: { readonly queries: readonly RecordQuery[]; readonly channel: string },
): Promise<void> {
  try {
    const all = await snapshot.check(queries)
    const problems = all.filter(({ path }) => path !== 'source.saleor.channel')
    const warnings = snapshot.warnings.filter(text => !text.startsWith(`The channel "${channel}" is not active`))
    for (const { path, message, hint } of problems) tell.fail(path, message, { remedy: hint })
    for (const warning of warnings) tell.warn('sections', warning)
    if (all.length + warnings.length === 0 && queries.length > 0)
      tell.ok('sections', 'the shop has all that their rules and addresses name')
  } finally {
    await snapshot.close()
  }
}

export const quoteName = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
