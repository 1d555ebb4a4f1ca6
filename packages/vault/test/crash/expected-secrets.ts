/** What a vault must hold after a child was killed, from what the child has told. */

import type { Vault } from 'stagevault'

/** An operation as `children/write-forever.mjs` tells it. */
export interface ToldOperation {
  readonly kind: 'create' | 'put' | 'label' | 'current' | 'describe' | 'delete'
  readonly value: { readonly text: string; readonly padding: number }
  readonly versionId?: string
}

interface ExpectedSecret {
  readonly versions: readonly { readonly versionId: string; readonly text: string }[]
  readonly labels: Readonly<Record<string, string>>
  readonly description: string
  /** The number of the next automatic id. */
  readonly next: number
}

/** `null` where there is no such secret. */
export type Expected = ExpectedSecret | null

export const LIMITS = { versionsMax: 5 }

/** The secret after an operation. */
export function apply(secret: Expected, operation: ToldOperation): Expected {
  if (operation.kind === 'delete') return null
  if (operation.kind === 'create') {
    const empty = { versions: [], labels: {}, description: '', next: 1 }
    return store(empty, operation)
  }
  if (secret === null) throw new Error(`${operation.kind} of a secret that is not there`)
  const { versionId = '' } = operation
  switch (operation.kind) {
    case 'put':
      return store(secret, operation)
    case 'label':
      return { ...secret, labels: { ...secret.labels, Blue: versionId } }
    case 'current':
      return { ...secret, labels: makeCurrent(secret, versionId) }
    case 'describe':
      return { ...secret, description: operation.value.text }
  }
}

function store(secret: ExpectedSecret, { value }: ToldOperation): ExpectedSecret {
  const versionId = `v${String(secret.next)}`
  const labels = makeCurrent(secret, versionId)
  const text = value.text.padEnd(value.padding, '.')
  const versions = [...secret.versions, { versionId, text }]
  const idle = versions.findIndex((each) => !Object.values(labels).includes(each.versionId))
  if (versions.length > LIMITS.versionsMax) versions.splice(idle, 1)
  return { ...secret, versions, labels, next: secret.next + 1 }
}

function makeCurrent(secret: ExpectedSecret, versionId: string): Record<string, string> {
  const { ACSCurrent: holder } = secret.labels
  const moved = { ...secret.labels, ACSCurrent: versionId }
  return holder === undefined || holder === versionId ? moved : { ...moved, ACSPrevious: holder }
}

/** The secret as one text; two are equal when everything that can be read is equal. */
export function describeExpected(secret: Expected): string {
  if (secret === null) return 'none'
  const rows = secret.versions.map(({ versionId, text }) => {
    const stages = Object.keys(secret.labels).filter((label) => secret.labels[label] === versionId)
    return [versionId, text, stages.sort()]
  })
  return JSON.stringify([secret.description, rows])
}

/** The same of what a vault holds. */
export async function describeStored(vault: Vault, secretName: string): Promise<string> {
  try {
    const { description } = await vault.describeSecret({ secretName })
    const all = { secretName, includeDeprecated: true }
    const { versionIds } = await vault.listSecretVersionIds(all)
    const rows = await Promise.all(
      versionIds.map(async ({ versionId, versionStages }) => {
        const { secretData } = await vault.getSecretValue({ secretName, versionId })
        return [versionId, secretData, versionStages]
      }),
    )
    return JSON.stringify([description, rows])
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SECRET_NOT_FOUND')
      return 'none'
    throw error
  }
}
