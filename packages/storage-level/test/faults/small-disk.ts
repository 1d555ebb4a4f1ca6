import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWith } from './describe-with.js'

/** A disk of its own in memory, which is full as soon as a test wants. */
export interface SmallDisk {
  readonly path: string
  /** Its new size in bytes, rounded up to pages. What is on it stays. */
  resize(bytes: number): void
  makeReadOnly(): void
  remove(): void
}

/** Registers tests that make small disks. Skips them, visibly, where none can be mounted. */
export function describeWithSmallDisks(
  title: string,
  register: (makeDisk: (bytes: number) => SmallDisk) => void,
): void {
  const message = 'needs Linux and a superuser who may mount'
  describeWith(canMount() ? null : { message, isInstallable: false }, title, () => {
    register(makeSmallDisk)
  })
}

function makeSmallDisk(bytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'stagevault-disk-'))
  run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path)
  return {
    path,
    resize(to) {
      run('mount', '-o', `remount,size=${to}`, path)
    },
    makeReadOnly() {
      run('mount', '-o', 'remount,ro', path)
    },
    remove() {
      run('umount', path)
      rmdirSync(path)
    },
  }
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    makeSmallDisk(65_536).remove()
    return true
  } catch {
    return false
  }
}

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`)
}
