/** What listeners are told. */

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
  /** The labels that a version got as it was created, sorted. */
  readonly versionStages?: readonly string[]
  /** The label of `secret.stage.moved`. */
  readonly versionStage?: string
  /** The former name, with `secret.renamed`. */
  readonly formerSecretName?: string
  /** Given where another handle made the change: of another tab, worker or part of the program. */
  readonly isRemote?: true
}

/**
 * Called with what happened. What it throws is reported as an uncaught error, and so is a promise
 * that it returns and that rejects; neither has any effect on the vault.
 */
export type VaultListener = (event: VaultEvent) => void

/** A record and not a list, so that the compiler asks for a new type here. */
const TYPES: Readonly<Record<VaultEvent['type'], true>> = {
  'secret.created': true,
  'secret.updated': true,
  'secret.renamed': true,
  'secret.deletion.scheduled': true,
  'secret.restored': true,
  'secret.deleted': true,
  'secret.version.created': true,
  'secret.version.evicted': true,
  'secret.version.enabled': true,
  'secret.version.disabled': true,
  'secret.version.destroyed': true,
  'secret.stage.moved': true,
}

/**
 * The events in a message from another handle, which is believed no more than other input. What is
 * none, as one of a later release, is passed over.
 */
export function readEvents(message: unknown): VaultEvent[] {
  return Array.isArray(message) ? message.flatMap(readEvent) : []
}

function readEvent(item: unknown): VaultEvent[] {
  if (typeof item !== 'object' || item === null) return []
  const fields = item as Readonly<Record<string, unknown>>
  const { type, secretName } = fields
  if (!isType(type) || typeof secretName !== 'string') return []
  return [
    {
      type,
      secretName,
      ...textOf(fields, 'versionId'),
      ...stagesOf(fields),
      ...textOf(fields, 'versionStage'),
      ...textOf(fields, 'formerSecretName'),
    },
  ]
}

function isType(value: unknown): value is VaultEvent['type'] {
  return typeof value === 'string' && Object.hasOwn(TYPES, value)
}

function stagesOf({
  versionStages,
}: Readonly<Record<string, unknown>>): Pick<VaultEvent, 'versionStages'> {
  if (!Array.isArray(versionStages)) return {}
  const stages: unknown[] = versionStages
  return stages.every((stage) => typeof stage === 'string') ? { versionStages: stages } : {}
}

function textOf<Name extends string>(
  fields: Readonly<Record<string, unknown>>,
  name: Name,
): Partial<Readonly<Record<Name, string>>> {
  const value = fields[name]
  return typeof value === 'string' ? ({ [name]: value } as Readonly<Record<Name, string>>) : {}
}
