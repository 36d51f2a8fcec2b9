// A demo left running: the schedule goes on, the front end follows, and a person can change the shop meanwhile.
import { runOnSchedule } from '../schedule/scheduler.ts'
import { type Demo, publish, pull } from './demo.ts'

/** Resolves when the signal aborts. */
export async function keepRunning(
  demo: Demo,
  { signal, print }: { readonly signal: AbortSignal; readonly print: (text: string) => void },
): Promise<void> {
  const { schedule } = demo.site.config
  if (!schedule) return
  print(`
It goes on: every ten seconds a run, and a pull after it.

  open      ${demo.frontEnd.url}/sitemap.xml
  database  psql "$(cat ${demo.databaseFile})"
  program   DATABASE_URL_FILE=${demo.databaseFile} node ${process.argv[1]} diff --config ${demo.configFile}

Change something and watch, for instance

  update product_product set metadata = metadata || '{"sitemap": "exclude"}' where id = 42;

Ctrl-C ends it and removes everything.
`)
  const follow = async (): Promise<void> => {
    try {
      const report = await publish(demo, signal)
      if (report.outcome !== 'published') return
      await pull(demo, signal)
      const { added = 0, removed = 0, changed = 0 } = report.changes ?? {}
      print(
        `${new Date().toISOString().slice(11, 19)}  published: ${added} added, ${removed} removed, ${changed} changed; the front end follows`,
      )
    } catch (cause) {
      if (!signal.aborted) print(cause instanceof Error ? cause.message : String(cause))
    }
  }
  await runOnSchedule(follow, { schedule, signal, clock: () => new Date() })
}
