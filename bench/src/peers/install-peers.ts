/** The project of the peers: native code that is installed only where it is to be measured. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PEERS_FOLDER } from './peer.js'

const REPOSITORY = new URL('../../../', import.meta.url)

export function arePeersInstalled(): boolean {
  return existsSync(new URL('node_modules/', PEERS_FOLDER))
}

/** What its lockfile names, with the pnpm that this repository pins. */
export function installPeers(): void {
  const text = readFileSync(new URL('package.json', REPOSITORY), 'utf8')
  const pnpm = (JSON.parse(text) as Readonly<Record<string, string>>)['packageManager'] ?? 'pnpm'
  const args = ['-y', pnpm, '--pm-on-fail=ignore', 'install', '--frozen-lockfile']
  const { status, error } = spawnSync('npx', args, {
    cwd: fileURLToPath(PEERS_FOLDER),
    stdio: ['ignore', 'ignore', 'inherit'],
    // On Windows npx is a batch file, which only a shell can start.
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    throw new Error('the peers cannot be installed: see bench/peers', { cause: error })
  }
}

/** Versions by package, as the project of the peers pins them. */
export function peerVersions(): Readonly<Record<string, string>> {
  const manifest = readFileSync(new URL('package.json', PEERS_FOLDER), 'utf8')
  return (JSON.parse(manifest) as { readonly dependencies: Record<string, string> }).dependencies
}
