// What the role may do besides reading: all of it is more than a run needs.
import type { ReadOnlyTransaction } from '../io/postgres.ts'
import { trusted } from '../rules/sql.ts'
import type { Tell } from './check.ts'

export interface DatabaseRole {
  readonly name: string
  readonly database: string
}

export interface RoleFacts {
  readonly role: DatabaseRole
  /** What it has to read. */
  readonly tables: readonly string[]
}

export async function tellRole(tell: Tell, transaction: ReadOnlyTransaction, facts: RoleFacts): Promise<void> {
  const [row = []] = await transaction.query(
    trusted(`select r.rolsuper::text,
      (select count(*) from pg_class c where c.relkind in ('r', 'p') and c.oid = any(shop.tables) and pg_has_role(c.relowner, 'usage')),
      (select count(*) from pg_class c where c.relkind in ('r', 'p') and c.oid = any(shop.tables)
        and has_table_privilege(c.oid, 'insert, update, delete, truncate')),
      pg_is_in_recovery()::text
      from pg_roles r, lateral (select array(select c.oid from pg_class c
        where c.relnamespace = (select relnamespace from pg_class where oid = to_regclass('product_product'))) as tables) shop
      where r.rolname = current_user`),
  )
  const [isSuper, owned, writable, isReplica] = row as [string, string, string, string]
  const { name } = facts.role
  const may =
    isSuper === 'true'
      ? `${name} is a superuser`
      : Number(owned) > 0
        ? `${name} owns ${owned} of the shop's tables`
        : Number(writable) > 0
          ? `${name} may write ${writable} of the shop's tables`
          : undefined
  if (may === undefined) tell.ok('role', `${name} may read, and change nothing of the shop`)
  else {
    const onReplica = isReplica === 'true' ? ', though a replica takes nothing' : ''
    tell.warn('role', `${may}${onReplica}; a read-only role is enough`, { remedy: readOnlyRole(facts) })
  }
}

/** The SQL of docs/database-role.md, with the tables that this configuration reads. */
function readOnlyRole({ role, tables }: RoleFacts): string {
  const database = `"${role.database.replaceAll('"', '""')}"`
  return [
    'docs/database-role.md:',
    "CREATE ROLE storemap LOGIN PASSWORD '…';",
    `GRANT CONNECT ON DATABASE ${database} TO storemap;`,
    'GRANT USAGE ON SCHEMA public TO storemap;',
    ...(tables.length > 0 ? [`GRANT SELECT ON ${tables.join(', ')} TO storemap;`] : []),
  ].join(' ')
}
