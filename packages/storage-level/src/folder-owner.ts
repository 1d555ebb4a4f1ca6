/**
 * Determines which handle has a folder open. LevelDB's own lock does not suffice: it does not
 * separate the threads of one process, and POSIX drops it as soon as the process closes any
 * descriptor of the file `LOCK`.
 *
 * So every handle creates its own file in the folder and keeps it open. The name, such as
 * `OWNER-7`, is the next free number, which only one handle can take. The text contains the process
 * and the descriptor. If that descriptor still refers to this very file, the handle is alive. This
 * works after a crash, with a reused process id, and from another thread. The text also contains
 * the process id namespace, so that an ended process is known to be dead.
 */
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { hasCode, lockedError } from './level-errors.js'

export interface FolderOwner {
  /** The name of its file in the folder. */
  readonly fileName: string
  /** What is known about the handles whose files were found. None of them is known to be alive. */
  readonly predecessor: 'none' | 'dead' | 'unseen'
  /**
   * Removes the files of all earlier handles. If one of them is alive after all, it detects this
   * before it answers its next commit. So LevelDB reads every answered commit from now on.
   */
  removePredecessors(): void
  /** Whether its file exists: no later handle has removed it. */
  isInPlace(): boolean
  release(): void
}

interface OwnerFile {
  readonly path: string
  readonly number: number
  /** Handles create only files; a folder of that name is never removed. */
  readonly isFolder: boolean
}

/**
 * A handle that created an owner file. `unseen`: its state is unknown, because its process is in
 * another container or on another host, or is alive and does not show its open files.
 */
interface Holder {
  readonly pid: number
  readonly state: 'alive' | 'dead' | 'unseen'
}

/** At most 15 digits, so that every number is exact. */
const OWNER_NAME = /^OWNER-([1-9]\d{0,14})$/
const OWNER_NUMBER_MAX = 999_999_999_999_999
const DRAFT_PREFIX = 'OWNER-new-'

/** Two numbers and a process id namespace or host name. */
const OWNER_BYTES_MAX = 1_024

/**
 * Claims a folder before LevelDB is asked to open it: refusing a second handle, LevelDB would drop
 * the lock of the first. Throws `STORAGE_LOCKED` if a handle of this process has the folder open,
 * or one of another process that this one can see.
 */
export function claimFolder(folder: string, location: string): FolderOwner {
  const taken = ownerFilesIn(folder)
  const predecessors = taken.filter(({ isFolder }) => !isFolder)
  const holders = predecessors.map(({ path }) => holderOf(path))
  const living = holders.find(({ state }) => state === 'alive')
  if (living !== undefined) throw lockedError(location, living.pid)
  if (holdsLock(folder)) throw lockedError(location, process.pid)
  const fileName = `OWNER-${nextNumber(taken)}`
  const path = join(folder, fileName)
  const descriptor = makeOwnerFile(folder, path, location)
  const isInPlace = (): boolean => isSameFile(statOrNull(path), fstatSync(descriptor))
  return {
    fileName,
    predecessor: holders.some(({ state }) => state === 'unseen')
      ? 'unseen'
      : holders.length > 0
        ? 'dead'
        : 'none',
    isInPlace,
    removePredecessors() {
      for (const each of predecessors) rmSync(each.path, { force: true })
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const isDraft = entry.name.startsWith(DRAFT_PREFIX) && !entry.isDirectory()
        if (isDraft) rmSync(join(folder, entry.name), { force: true })
      }
    },
    release() {
      const isOwn = isInPlace()
      // Windows keeps the name of a removed file until its last descriptor is closed.
      closeSync(descriptor)
      if (isOwn) rmSync(path, { force: true })
    },
  }
}

/** The file gets its name last, so that no other handle reads it before it is written. */
function makeOwnerFile(folder: string, path: string, location: string): number {
  const draft = join(folder, `${DRAFT_PREFIX}${randomUUID()}`)
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, `${process.pid} ${descriptor} ${processSpace()}\n`)
    if (!moveExclusively(draft, path)) throw lockedError(location)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Whether the file has the new name now; if not, another handle was first. */
function moveExclusively(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    // The other handle has the name, or removed this draft after it had taken the name.
    if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOENT')) return false
  }
  // A file system without hard links: LevelDB's lock decides between simultaneous handles.
  if (statOrNull(to) !== null) return false
  renameSync(from, to)
  return true
}

function ownerFilesIn(folder: string): OwnerFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const number = OWNER_NAME.exec(entry.name)?.[1]
    if (number === undefined) return []
    const path = join(folder, entry.name)
    return [{ path, number: Number(number), isFolder: entry.isDirectory() }]
  })
}

/** Ignores the greatest number, which has no next one and which no handle can have reached. */
function nextNumber(taken: readonly OwnerFile[]): number {
  const numbers = taken.map(({ number }) => number).filter((number) => number < OWNER_NUMBER_MAX)
  return Math.max(0, ...numbers) + 1
}

function holderOf(path: string): Holder {
  const file = statOrNull(path)
  // Its handle has closed since the folder was listed.
  if (file === null) return { pid: 0, state: 'dead' }
  // Reading a pipe would block forever.
  const isReadable = file.isFile() && file.size <= OWNER_BYTES_MAX
  const text = isReadable ? textOf(path) : ''
  const [, pid = '', descriptor = '', space] = /^(\d+) (\d+) (\S+)\n$/.exec(text) ?? []
  const isNear = space === processSpace() && space !== UNKNOWN_SPACE
  return { pid: Number(pid), state: stateOf(Number(pid), Number(descriptor), file, isNear) }
}

/** @param isNear - whether that process and this one share a process id namespace */
function stateOf(pid: number, descriptor: number, file: Stats, isNear: boolean): Holder['state'] {
  const open =
    pid === process.pid
      ? fstatOrNull(descriptor)
      : process.platform === 'linux'
        ? statOrNull(`/proc/${pid}/fd/${descriptor}`)
        : null
  if (isSameFile(open, file)) return 'alive'
  const isDead = isNear && (open !== null || pid === process.pid || !isProcess(pid))
  return isDead ? 'dead' : 'unseen'
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}

const UNKNOWN_SPACE = '-'

/**
 * Identifies the processes that share process ids: those of one host and, on Linux, of one
 * namespace. The first namespace of every Linux has the same number, so the boot id is included.
 */
function processSpace(): string {
  if (process.platform !== 'linux') return encodeURIComponent(hostname()) || UNKNOWN_SPACE
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return UNKNOWN_SPACE
  }
}

/**
 * Whether this process holds LevelDB's lock, without this package or with a removed owner file.
 * Only Linux shows that, and only on Linux does LevelDB get a path through a descriptor, by which
 * it cannot detect the second open. An open descriptor alone does not count, because child
 * processes inherit those of LevelDB.
 */
function holdsLock(folder: string): boolean {
  const lock = statOrNull(join(folder, 'LOCK'))
  if (lock === null || process.platform !== 'linux') return false
  try {
    return readdirSync('/proc/self/fd').some(
      (name) =>
        isSameFile(fstatOrNull(Number(name)), lock) &&
        textOf(`/proc/self/fdinfo/${name}`).includes('lock:'),
    )
  } catch {
    // Without /proc LevelDB gets the folder's own path and detects the second open itself.
    return false
  }
}

/** Identifies a file or folder. */
export interface FileIdentity {
  readonly dev: number
  readonly ino: number
}

export function isSameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino
}

/** Returns an empty text if the file no longer exists. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return ''
    throw error
  }
}

/** `null` if the path leads to no file, or to one that this process must not access. */
function statOrNull(path: string): Stats | null {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

function fstatOrNull(descriptor: number): Stats | null {
  try {
    return fstatSync(descriptor)
  } catch {
    return null
  }
}
