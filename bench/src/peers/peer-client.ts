/** The process of a peer, as the benchmark sees it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PeerKind } from './peer.js'
import type { PeerAnswer, PeerOrder } from './peer-orders.js'

/** Of all files that the peer left. */
export interface DiskUse {
  /** Lengths of the files. */
  readonly bytes: number
  /** Blocks that the file system gives them. */
  readonly allocatedBytes: number
}

export interface PeerClient {
  readonly kind: PeerKind
  readonly entries: number
  /** Closed and full of new entries, before anything was written twice. */
  readonly disk: DiskUse
  /** One order at a time. Rejects with what the peer says where it fails. */
  readonly ask: (order: PeerOrder) => Promise<readonly number[]>
  readonly close: () => Promise<void>
}

const PROGRAM = fileURLToPath(new URL('peer-process.js', import.meta.url))

/** Starts the process and fills the store. */
export async function startPeer(
  kind: PeerKind,
  parent: string,
  { entries, bytes }: { entries: number; bytes: number },
): Promise<PeerClient> {
  const folder = join(parent, `${kind.name.replaceAll(/\W+/g, '-')}-${bytes}`)
  await mkdir(folder)
  const child = fork(PROGRAM, [kind.name, folder])
  const exited = once(child, 'exit')

  async function ask(order: PeerOrder): Promise<readonly number[]> {
    const answered = once(child, 'message') as Promise<[PeerAnswer]>
    child.send(order)
    const [answer] = await Promise.race([
      answered,
      exited.then(([code, signal]: unknown[]): never => {
        throw new Error(`the process of ${kind.name} ended with ${String(code ?? signal)}`)
      }),
    ])
    if (answer.kind === 'failed') throw new Error(`${kind.name}: ${answer.message}`)
    return answer.numbers
  }

  async function close(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    await ask({ does: 'close' }).catch(() => undefined)
    child.disconnect()
    await exited
  }

  try {
    await ask({ does: 'fill', entries, bytes })
    return { kind, entries, disk: await weigh(folder), ask, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function weigh(folder: string): Promise<DiskUse> {
  const use = { bytes: 0, allocatedBytes: 0 }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const { size, blocks } = await stat(join(entry.parentPath, entry.name))
    use.bytes += size
    use.allocatedBytes += blocks * 512
  }
  return use
}
