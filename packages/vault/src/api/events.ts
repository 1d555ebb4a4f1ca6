/** What listeners are told. No event carries a value. */

/** What every event has. */
export interface EventBase<Type extends string> {
  /** What happened. */
  readonly type: Type
  /** The secret's name; after a rename the new one. */
  readonly secretName: string
  /** Present if another handle made the change: of another tab, worker or part of the program. */
  readonly isRemote?: true
}

/** A secret has another name. */
export interface SecretRenamedEvent extends EventBase<'secret.renamed'> {
  /** The name before. */
  readonly formerSecretName: string
}

/** A version was stored. */
export interface VersionCreatedEvent extends EventBase<'secret.version.created'> {
  /** The version. */
  readonly versionId: string
  /** The labels that the version got, sorted. */
  readonly versionStages: readonly string[]
}

/** A version was evicted, or its status has changed. */
export interface VersionEvent<Type extends string> extends EventBase<Type> {
  /** The version. */
  readonly versionId: string
}

/** A stage label was added, moved or removed. */
export interface StageMovedEvent extends EventBase<'secret.stage.moved'> {
  /** The label. */
  readonly versionStage: string
  /** The version that carries the label now; absent if it was removed. */
  readonly versionId?: string
}

/** What happened to a secret; `type` tells which fields there are. */
export type VaultEvent =
  | EventBase<'secret.created'>
  | EventBase<'secret.updated'>
  | EventBase<'secret.deletion.scheduled'>
  | EventBase<'secret.restored'>
  | EventBase<'secret.deleted'>
  | SecretRenamedEvent
  | VersionCreatedEvent
  | VersionEvent<'secret.version.evicted'>
  | VersionEvent<'secret.version.enabled'>
  | VersionEvent<'secret.version.disabled'>
  | VersionEvent<'secret.version.destroyed'>
  | StageMovedEvent

/**
 * Called with each event. What it throws is reported as an uncaught error, and so is a promise that
 * it returns and that rejects; neither has any effect on the vault.
 */
export type VaultListener = (event: VaultEvent) => void

/**
 * The events in a message from another handle, checked like any other input. What is not an event,
 * such as one of a later release, is left out.
 */
export function readEvents(message: unknown): VaultEvent[] {
  return Array.isArray(message) ? message.flatMap((item) => readEvent(item) ?? []) : []
}

function readEvent(item: unknown): VaultEvent | null {
  if (typeof item !== 'object' || item === null) return null
  const fields = item as Readonly<Record<string, unknown>>
  const { secretName, versionId, versionStage, versionStages, formerSecretName } = fields
  if (!isText(secretName)) return null
  const type = fields['type'] as VaultEvent['type']
  switch (type) {
    case 'secret.created':
    case 'secret.updated':
    case 'secret.deletion.scheduled':
    case 'secret.restored':
    case 'secret.deleted':
      return { type, secretName }
    case 'secret.renamed':
      return isText(formerSecretName) ? { type, secretName, formerSecretName } : null
    case 'secret.version.created':
      if (!isText(versionId) || !isListOfTexts(versionStages)) return null
      return { type, secretName, versionId, versionStages }
    case 'secret.version.evicted':
    case 'secret.version.enabled':
    case 'secret.version.disabled':
    case 'secret.version.destroyed':
      return isText(versionId) ? { type, secretName, versionId } : null
    case 'secret.stage.moved':
      if (!isText(versionStage)) return null
      if (versionId === undefined) return { type, secretName, versionStage }
      return isText(versionId) ? { type, secretName, versionStage, versionId } : null
    default:
      return null
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText)
}
