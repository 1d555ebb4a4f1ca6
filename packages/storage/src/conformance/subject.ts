import { checkedStorage } from '../checked-storage.js'
import type { StorageAdapter } from '../contract.js'
import { check, rejection } from './expect.js'

/**
 * What an adapter's author passes to the suite: one isolated set of records, opened through the
 * adapter, and ways to disturb the layer below it.
 */
export interface StorageSubject {
  /**
   * Opens a handle. Every call opens the same records, which are empty at first and outlive their
   * handles. An adapter that allows only one handle at a time rejects with `STORAGE_LOCKED` while
   * one is open; the suite accepts and tests either behaviour.
   */
  open(): Promise<StorageAdapter>

  /** Until `heal`, makes every read of the layer below fail, for open handles and later ones. */
  failReads(): void

  /** Until `heal`, makes every write of the layer below fail, for open handles and later ones. */
  failWrites(): void

  /** Ends the effect of `failReads` and `failWrites`. */
  heal(): void

  /** Removes the records. All handles are closed by then. */
  dispose(): Promise<void>
}

/** Called once for every case. */
export type StorageSubjectFactory = () => Promise<StorageSubject>

/** The context of a case. Handles opened through it are closed when the case ends. */
export interface CaseContext {
  readonly subject: StorageSubject
  /** The seed of random choices. */
  readonly seed: number
  /** A handle behind `checkedStorage`, as the vault uses it. */
  readonly open: () => Promise<StorageAdapter>
  /** A handle as the adapter made it, to see its own errors. */
  readonly openBare: () => Promise<StorageAdapter>
  /** A second handle while one is open, or `null` if the adapter refuses it. */
  readonly openBeside: () => Promise<StorageAdapter | null>
}

export interface ConformanceCase {
  readonly name: string
  readonly run: (context: CaseContext) => Promise<void>
}

/** Runs one case on a new subject, then closes its handles and removes its records. */
export async function runCase(
  { run }: ConformanceCase,
  factory: StorageSubjectFactory,
  seed: number,
): Promise<void> {
  const subject = await factory()
  const handles: StorageAdapter[] = []

  async function openBare(): Promise<StorageAdapter> {
    const handle = await subject.open()
    handles.push(handle)
    return handle
  }

  async function openBeside(): Promise<StorageAdapter | null> {
    let refusal: unknown
    const handle = await openBare().catch((error: unknown) => {
      refusal = error
      return null
    })
    if (handle !== null) return checkedStorage(handle)
    rejection(refusal, ['STORAGE_LOCKED'], 'opening a second handle')
    return null
  }

  async function cleanUp(): Promise<void> {
    subject.heal()
    const closings = await Promise.allSettled(handles.map((handle) => handle.close()))
    await subject.dispose()
    check(
      closings.every(({ status }) => status === 'fulfilled'),
      'close must not fail here',
    )
  }

  const open = async (): Promise<StorageAdapter> => checkedStorage(await openBare())
  try {
    await run({ subject, seed, open, openBare, openBeside })
  } catch (error) {
    // The error of the case is more useful than an error of the cleanup.
    await cleanUp().catch(() => undefined)
    throw error
  }
  await cleanUp()
}
