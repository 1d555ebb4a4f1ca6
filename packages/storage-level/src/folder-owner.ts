/**
 * Who has a folder open. LevelDB's own lock does not tell: it does not see the threads of one
 * process, and POSIX drops it as soon as the process closes any descriptor of the file `LOCK`.
 *
 * So every handle puts a file of its own into the folder and keeps it open. Its name, `OWNER-7`, is
 * the next free number, which one handle alone can take. Its text says which process has it open,
 * and as which descriptor: whether that descriptor still leads to this very file shows whether the
 * handle lives, also after a crash, with a process id that was used again, or from another thread.
 * It also says where process ids mean the same, so that a process that ended is known to be dead.
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
  /** What is known of the handles whose files were there. None of them is seen to live. */
  readonly predecessor: 'none' | 'dead' | 'unseen'
  /**
   * Removes the files of all earlier handles. One of them that lives all the same finds out before
   * it answers the next commit, so what LevelDB reads from now on is all that was answered.
   */
  removePredecessors(): void
  /** Whether its file is there: no later handle has removed it. */
  isInPlace(): boolean
  release(): void
}

interface OwnerFile {
  readonly path: string
  readonly number: number
  /** No handle makes one, and none removes one. */
  readonly isFolder: boolean
}

/**
 * A handle that made an owner file. `unseen` is one that cannot be told: its process is in another
 * container or on another host, or lives and does not show what it has open.
 */
interface Holder {
  readonly pid: number
  readonly state: 'alive' | 'dead' | 'unseen'
}

/** Of at most 15 digits, so that every number is exact. */
const OWNER_NAME = /^OWNER-([1-9]\d{0,14})$/
const OWNER_NUMBER_MAX = 999_999_999_999_999
const DRAFT_PREFIX = 'OWNER-new-'

/** Two numbers and the name of a host. */
const OWNER_BYTES_MAX = 1_024

/**
 * Claims a folder before LevelDB is asked: its refusal of a second handle would drop the lock of
 * the first. Throws `STORAGE_LOCKED` where a handle of this process has the folder open, or one of
 * any other process that this one can see.
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

/** Its name comes last, so that nothing sees the file before it is written. */
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

/** Whether the file has the new name now; otherwise another handle was faster. */
function moveExclusively(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    // The other handle has the name, or removed this draft after it had taken the name.
    if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOENT')) return false
  }
  // A file system without hard links: two handles of the same moment are left to LevelDB's lock.
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

/** The greatest number has no next one, and is passed over: no handle has counted so far. */
function nextNumber(taken: readonly OwnerFile[]): number {
  const numbers = taken.map(({ number }) => number).filter((number) => number < OWNER_NUMBER_MAX)
  return Math.max(0, ...numbers) + 1
}

function holderOf(path: string): Holder {
  const file = statOrNull(path)
  // Its handle has closed since the folder was listed.
  if (file === null) return { pid: 0, state: 'dead' }
  // A pipe would never end.
  const isReadable = file.isFile() && file.size <= OWNER_BYTES_MAX
  const text = isReadable ? textOf(path) : ''
  const [, pid = '', descriptor = '', space] = /^(\d+) (\d+) (\S+)\n$/.exec(text) ?? []
  const isNear = space === processSpace() && space !== UNKNOWN_SPACE
  return { pid: Number(pid), state: stateOf(Number(pid), Number(descriptor), file, isNear) }
}

/** `isNear`: process ids mean the same to that process and to this one. */
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
 * Names the processes that count in the same process ids: those of one host and, on Linux, of one
 * namespace. The first namespace of every Linux has the same number, but no two have one boot.
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
 * Whether this process holds LevelDB's lock, be it without this package or with an owner file that
 * was removed. Only Linux tells, and only there LevelDB is given a path that it does not know
 * again. A descriptor alone does not count: every child of a process inherits those of LevelDB.
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
    // Without /proc LevelDB is given the folder's own path, and knows it again.
    return false
  }
}

/** What tells one file or folder from another. */
export interface FileIdentity {
  readonly dev: number
  readonly ino: number
}

export function isSameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino
}

/** Nothing where the file is gone by now. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return ''
    throw error
  }
}

/** What leads to no file is `null`, and so is what may not be looked at. */
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
