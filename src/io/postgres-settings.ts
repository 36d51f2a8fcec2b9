// Values for statements that take none: COPY has no parameters, so values travel as settings of the transaction.
import type pg from 'pg'
import { renderSql, type SqlFragment, type SqlParameter } from '../rules/sql.ts'

/**
 * Sets each value by a parameterised set_config, local to the transaction, and gives the text that reads them by
 * scalar subqueries, which PostgreSQL evaluates once. No value ever becomes SQL text.
 */
export async function bindSettings(client: pg.Client, fragment: SqlFragment): Promise<{ text: string }> {
  const { text, values } = renderSql(fragment, (number, type) => {
    const read = `(select current_setting('storemap.v${number}')::${type})`
    // The outer cast makes `= any (…)` take an array, not the rows of a subquery.
    return type.endsWith('[]') ? `${read}::${type}` : read
  })
  for (let from = 0; from < values.length; from += 1_000) {
    const some = values.slice(from, from + 1_000)
    const calls = some.map((_, index) => `set_config('storemap.v${from + index + 1}', $${index + 1}, true)`)
    await client.query(`select ${calls.join(', ')}`, some.map(settingText))
  }
  return { text }
}

function settingText({ value }: SqlParameter): string {
  if (!Array.isArray(value)) return String(value)
  return `{${value.map(item => `"${String(item).replace(/[\\"]/g, '\\$&')}"`).join(',')}}`
}
