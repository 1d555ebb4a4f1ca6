/** What the numbers were measured on and with. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  /** Of the folder that was measured in: an fsync on `tmpfs` costs nothing and says nothing. */
  readonly filesystem: string
  /** Load of one minute when the run began: above 0 others were at work too. */
  readonly load: number
  readonly node: string
  readonly openssl: string
  /** Versions of the packages measured and of what they are built on. */
  readonly packages: Readonly<Record<string, string>>
  /** The commit, with `+` where files differ from it; `null` outside of a repository. */
  readonly commit: string | null
}

const REPOSITORY = new URL('../../', import.meta.url)

/** Magic numbers of statfs(2). */
const FILESYSTEMS: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x0102_1994, 'tmpfs'],
  [0x5846_5342, 'xfs'],
  [0x9123_683e, 'btrfs'],
  [0x794c_7630, 'overlayfs'],
  [0x6969, 'nfs'],
  [0x2fc1_2fc1, 'zfs'],
  [0x1a, 'apfs'],
])

export async function describeMachine(folder: string): Promise<Machine> {
  const magic = (await statfs(folder)).type
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${arch()}`,
    filesystem: FILESYSTEMS.get(magic) ?? `0x${magic.toString(16)}`,
    load: loadavg()[0] ?? 0,
    node: process.version,
    openssl: process.versions.openssl,
    packages: packageVersions(),
    commit: findCommit(),
  }
}

function packageVersions(): Record<string, string> {
  const versions: Record<string, string> = {}
  for (const folder of ['vault', 'core', 'storage', 'storage-level', 'storage-idb']) {
    const { name, version } = readManifest(new URL(`packages/${folder}/package.json`, REPOSITORY))
    versions[name] = version
  }
  // Each is asked for from the package that uses it, which alone can see it.
  const core = createRequire(new URL('packages/core/package.json', REPOSITORY))
  const adapter = createRequire(new URL('packages/storage-level/package.json', REPOSITORY))
  const level = createRequire(adapter.resolve('level'))
  const idbAdapter = createRequire(new URL('packages/storage-idb/package.json', REPOSITORY))
  const places = [
    core.resolve('@noble/ciphers/aes.js'),
    core.resolve('@noble/hashes/sha2.js'),
    adapter.resolve('level'),
    level.resolve('classic-level'),
    level.resolve('abstract-level'),
    idbAdapter.resolve('idb/package.json'),
  ]
  for (const place of places) {
    const { name, version } = readManifest(new URL('package.json', pathToFileURL(place)))
    versions[name] = version
  }
  return versions
}

function readManifest(url: URL): { name: string; version: string } {
  return JSON.parse(readFileSync(url, 'utf8')) as { name: string; version: string }
}

function findCommit(): string | null {
  const commit = git('rev-parse', '--short=12', 'HEAD')
  if (commit === null) return null
  return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`
}

function git(...args: string[]): string | null {
  const { status, stdout } = spawnSync('git', args, {
    cwd: fileURLToPath(REPOSITORY),
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : null
}
