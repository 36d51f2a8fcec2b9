// The git target: the bundle lies at the top of a branch, beside files of others. One publish is one commit, one push.
import { join } from 'node:path'
import { type Bundle, MANIFEST_NAME, type Manifest, parseManifest, revisionOf } from '../../bundle/manifest.ts'
import { errors } from '../../errors.ts'
import type { Tree, TreeEntry } from '../../io/git.ts'
import { blobIdOf, type NewBlob } from '../../io/git-blobs.ts'
import { type GitClone, openClone, type RefUpdate } from '../../io/git-clone.ts'
import { parseRemote } from '../../io/git-remote.ts'
import type { OpenTarget, PublishedBundle, Publisher } from '../publisher.ts'
import { pushKeepingHistory } from './history.ts'
import { type GitOptions, parseAuthor } from './options.ts'
import { openGitState } from './state.ts'

export interface GitPublisherSettings {
  /** Where relative paths of the options count from: the configuration's folder. */
  readonly base: string
  /** For each command that talks to the remote. @defaultValue 300000 (5 minutes) */
  readonly timeoutMs?: number
  /** Dates commits, and tells how old those of before are. @defaultValue the machine's */
  readonly clock?: () => Date
}

const PLAIN = '100644'
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024

/** A target that is a branch of a git repository. */
export function createGitPublisher(
  options: GitOptions,
  { base, timeoutMs = 300_000, clock = () => new Date() }: GitPublisherSettings,
): Publisher {
  const parsed = parseRemote(options.repo, base)
  if ('problem' in parsed) throw errors.targetUnreachable('of the git target', `its address ${parsed.problem}`)
  const { remote } = parsed
  const { branch, token, sshKey, knownHosts, keepHistory: keepMs } = options
  const name = `git ${remote.label} (${branch})`
  return {
    name,
    keepsState: true,
    keepsFiles: true,
    async open(signal) {
      const credentials = { token, sshKey, knownHosts }
      const access = { remote, branch, credentials, base, timeoutMs, signal }
      const clone = await openClone(access, { withoutLargeFiles: true })
      try {
        return await openTarget(clone, { name, branch, author: parseAuthor(options.author), keepMs, clock })
      } catch (cause) {
        await clone.close()
        throw cause
      }
    },
  }
}

interface TargetContext {
  readonly name: string
  readonly branch: string
  readonly author: { readonly name: string; readonly email: string }
  readonly keepMs: number | undefined
  readonly clock: () => Date
}

async function openTarget(clone: GitClone, context: TargetContext): Promise<OpenTarget> {
  const { name, branch, author, clock } = context
  const published = await readPublished(clone, name)
  const state = await openGitState(clone, { name, branch, author })
  let { head } = clone
  const known = published && (await state.blobsOf(published.revision))
  return {
    published: published && {
      ...published,
      isIntact: async file => {
        const oid = known?.get(file)
        return oid !== undefined && isSame(clone.tree.get(file), oid)
      },
    },
    state: state.store,
    async publish(bundle, { message, adopt, state: changes }) {
      const plan = await planTree(clone.tree, bundle, published?.manifest)
      const foreign = findForeign(clone.tree, plan.names, { previous: published?.manifest, adopt })
      if (foreign.length > 0) throw errors.targetFileForeign(foreign, name)

      const oids = await clone.store(plan.blobs)
      const next = new Map(clone.tree)
      for (const gone of plan.removed) next.delete(gone)
      let written = 0
      for (const [file, oid] of oids) {
        if (isSame(next.get(file), oid)) continue
        next.set(file, { mode: PLAIN, type: 'blob', oid })
        written += 1
      }
      const removed = plan.removed.length
      const updates: RefUpdate[] = []
      const now = clock()
      const commitOn = (parent: string | undefined) => clone.commit(next, { parent, message, author, date: now })
      if (written + removed > 0 || head === undefined)
        updates.push({ branch, commit: await commitOn(head), seen: head })
      // The state names the very blobs, so that a later run sees without fetching them that nobody has altered a file.
      const blobs = new Map(Object.keys(bundle.manifest.files).map(file => [file, next.get(file)?.oid ?? '']))
      if (changes) updates.push(await state.commit(changes, { revision: bundle.revision, blobs }))
      if (updates.length === 0) return { reference: head ?? '', written, removed }
      const pushed = await pushKeepingHistory(clone, { updates, commitOn }, { ...context, now })
      state.arrived(pushed.updates)
      head = pushed.updates.find(update => update.branch === branch)?.commit ?? head
      const { warnings } = pushed
      return { reference: head ?? '', written, removed, ...(warnings.length > 0 && { warnings }) }
    },
    close: clone.close,
  }
}

async function readPublished(clone: GitClone, where: string): Promise<Omit<PublishedBundle, 'isIntact'> | undefined> {
  const entry = clone.tree.get(MANIFEST_NAME)
  if (!entry) return undefined
  const place = `${MANIFEST_NAME} of ${where}`
  if (!isPlainFile(entry)) throw errors.manifestInvalid(place, 'it is not a plain file')
  const text = await clone.readText(entry.oid, MAX_MANIFEST_BYTES)
  if (text === undefined) throw errors.manifestInvalid(place, 'it is too large')
  const manifest = parseManifest(text, place)
  return {
    manifest,
    revision: revisionOf(text),
    async *read(name) {
      if (!Object.hasOwn(manifest.files, name)) throw errors.bundleFileAltered(name, 'the manifest does not name it')
      const file = clone.tree.get(name)
      if (!file) throw errors.bundleFileAltered(name, 'it is missing')
      if (!isPlainFile(file)) throw errors.bundleFileAltered(name, 'it is not a plain file')
      yield* clone.read(file.oid)
    },
  }
}

interface TreePlan {
  /** Every name of the new bundle. */
  readonly names: readonly string[]
  readonly blobs: readonly NewBlob[]
  readonly removed: readonly string[]
}

async function planTree(tree: Tree, bundle: Bundle, previous: Manifest | undefined): Promise<TreePlan> {
  const blobs: NewBlob[] = []
  for (const [name, { bytes, sha256 }] of Object.entries(bundle.manifest.files)) {
    if (bundle.kept?.has(name)) continue
    const before = previous && Object.hasOwn(previous.files, name) ? previous.files[name]?.sha256 : undefined
    const source = join(bundle.dir, name)
    const entry = tree.get(name)
    // Its entry stays, and its bytes need not even be in the clone; but for one that somebody changed since.
    if (before === sha256 && entry?.mode === PLAIN && entry.oid === (await blobIdOf(source, bytes, entry.oid))) continue
    blobs.push({ name, source, bytes, sha256 })
  }
  const manifest = Buffer.from(bundle.manifestText)
  blobs.push({ name: MANIFEST_NAME, source: manifest, bytes: manifest.length, sha256: bundle.revision })
  const removed = Object.keys(previous?.files ?? {}).filter(name => {
    const entry = tree.get(name)
    // A folder of that name is not what the manifest named, so it is somebody else's.
    return !Object.hasOwn(bundle.manifest.files, name) && entry?.type === 'blob'
  })
  return { names: [...Object.keys(bundle.manifest.files), MANIFEST_NAME], blobs, removed }
}

function findForeign(
  tree: Tree,
  names: readonly string[],
  { previous, adopt }: { previous: Manifest | undefined; adopt: boolean },
): string[] {
  return names.filter(name => {
    const entry = tree.get(name)
    if (!entry) return false
    if (entry.type !== 'blob') return true // a folder is never taken over
    const isOurs = previous && (name === MANIFEST_NAME || Object.hasOwn(previous.files, name))
    return !isOurs && !adopt
  })
}

const isPlainFile = (entry: TreeEntry): boolean => entry.mode === PLAIN || entry.mode === '100755'
const isSame = (entry: TreeEntry | undefined, oid: string): boolean => entry?.mode === PLAIN && entry.oid === oid
