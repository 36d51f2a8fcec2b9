// A read replica: how far it is behind, and how soon it gives up a reader.
import type { ReadOnlyTransaction } from '../io/postgres.ts'
import { trusted } from '../rules/sql.ts'
import type { Tell } from './check.ts'

const MOST_BEHIND_S = 300

/** Says nothing of a primary. */
export async function tellReplica(tell: Tell, transaction: ReadOnlyTransaction, statementMs: number): Promise<void> {
  const [row = []] = await transaction.query(
    trusted(`select pg_is_in_recovery()::text,
      coalesce(pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn(), false)::text,
      extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::text,
      (select setting from pg_settings where name = 'max_standby_streaming_delay'),
      current_setting('hot_standby_feedback')`),
  )
  const [isReplica, isCaughtUp, behind, delay, feedback] = row
  if (isReplica !== 'true') return
  // While nothing is written, the last thing written gets older, and the replica is behind nothing.
  const lag = behind === null || behind === undefined ? undefined : Math.round(Number(behind))
  if (isCaughtUp === 'true') tell.ok('replica', 'a replica that has replayed all that it received')
  else if (lag !== undefined && lag <= MOST_BEHIND_S) tell.ok('replica', `a replica, ${lag} s behind its primary`)
  else {
    const far =
      lag === undefined ? 'and how far it is behind its primary cannot be told' : `${lag} s behind its primary`
    tell.warn('replica', `a replica, ${far}`, {
      remedy: 'See "select * from pg_stat_replication" on the primary; what it lacks is not in the sitemap.',
    })
  }
  const ms = Number(delay)
  if (feedback === 'on' || ms < 0 || ms >= statementMs) return
  tell.warn('replica', `it ends a reading that stands in the way of its primary after ${ms / 1_000} s`, {
    remedy:
      'On the replica: ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf(); or a longer ' +
      '"max_standby_streaming_delay". A run reads again, three times in all.',
  })
}
