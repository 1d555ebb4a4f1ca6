/** Tells listeners of changes made through this vault, after they were committed. */

/** What happened to a secret; never a value. */
export interface VaultEvent {
  readonly type:
    | 'secret.created'
    | 'secret.updated'
    | 'secret.renamed'
    | 'secret.deletion.scheduled'
    | 'secret.restored'
    | 'secret.deleted'
    | 'secret.version.created'
    | 'secret.version.evicted'
    | 'secret.version.enabled'
    | 'secret.version.disabled'
    | 'secret.version.destroyed'
    | 'secret.stage.moved'
  readonly secretName: string
  /** The version, where the event is about one. */
  readonly versionId?: string
  /** The label of `secret.stage.moved`. */
  readonly versionStage?: string
  /** The former name, with `secret.renamed`. */
  readonly formerSecretName?: string
}

export type VaultListener = (event: VaultEvent) => void

export interface EventHub {
  subscribe(listener: VaultListener): () => void
  emit(events: readonly VaultEvent[]): void
}

export function createEventHub(): EventHub {
  const listeners = new Set<VaultListener>()
  return {
    subscribe: (listener) => {
      if (typeof listener !== 'function') throw new TypeError('a listener must be a function')
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own: VaultListener = (event) => {
        listener(event)
      }
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
    emit: (events) => {
      for (const event of events) for (const listener of [...listeners]) deliver(listener, event)
    },
  }
}

/** What was committed stays so: a listener's error is reported as uncaught, as DOM events do. */
function deliver(listener: VaultListener, event: VaultEvent): void {
  try {
    listener(event)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
