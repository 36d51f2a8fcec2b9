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
      exists(select from pg_stat_wal_receiver)::text,
      extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::text,
      (select setting from pg_settings where name = 'max_standby_streaming_delay'),
      current_setting('hot_standby_feedback')`),
  )
  const [isReplica, isCaughtUp, isReceiving, behind, delay, feedback] = row
  if (isReplica !== 'true') return
  tellLag(tell, {
    isCaughtUp: isCaughtUp === 'true',
    isReceiving: isReceiving === 'true',
    lag: behind === null || behind === undefined ? undefined : Math.round(Number(behind)),
  })
  const ms = Number(delay)
  if (feedback === 'on' || ms < 0 || ms >= statementMs) return
  tell.warn('replica', `it ends a reading that stands in the way of its primary after ${ms / 1_000} s`, {
    remedy:
      'On the replica: ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf(); or a longer ' +
      '"max_standby_streaming_delay". A run reads again, three times in all.',
  })
}

interface Lag {
  readonly isCaughtUp: boolean
  readonly isReceiving: boolean
  /** Age of the last thing replayed, in seconds; undefined where there was none since it started. */
  readonly lag: number | undefined
}

/** While nothing is written the last thing written gets older, and the replica is behind nothing. */
function tellLag(tell: Tell, { isCaughtUp, isReceiving, lag }: Lag): void {
  if (isReceiving && isCaughtUp) tell.ok('replica', 'a replica that has replayed all that it received')
  else if (lag === undefined) tell.ok('replica', 'a replica to which nothing new has come since it was started')
  else {
    const cut = isReceiving ? '' : ', and receives nothing from it at the moment'
    const found = `a replica, ${lag} s behind its primary${cut}`
    if (lag <= MOST_BEHIND_S) tell.ok('replica', found)
    else {
      tell.warn('replica', found, {
        remedy: 'See "select * from pg_stat_replication" on the primary; what it lacks is not in the sitemap.',
      })
    }
  }
}
