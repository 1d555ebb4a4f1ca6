/** Reads of a vault, with answers that can be compared: a text for each, errors included. */

import type { GetSecretValueRequest, Vault } from 'stagevault'
import { isIntegrityError } from '@stagevault/core/errors'
import { codeOf } from './failures.js'

/** One call, or one row of a call that answers for several secrets. */
export interface ReadProbe {
  readonly name: string
  /** Whether another probe goes the same way, so that this one may be left to a sample. */
  readonly isSecondary: boolean
  /** As many answers as ever, or a single one that is an error's. */
  readonly run: (vault: Vault) => Promise<readonly string[]>
}

/** Everything that can be read of these secrets, and some of what cannot. */
export async function probesOf(
  vault: Vault,
  names: readonly string[],
  evicted: readonly (readonly [name: string, versionId: string])[] = [],
): Promise<ReadProbe[]> {
  const probes: ReadProbe[] = []
  for (const secretName of names) {
    const secret = { secretName }
    probes.push(
      probe(`describe ${secretName}`, (v) => v.describeSecret(secret)),
      probe(`versions of ${secretName}`, (v) =>
        v.listSecretVersionIds({ ...secret, includeDeprecated: true }),
      ),
      get(secret),
      get({ ...secret, versionStage: 'NoSuchStage' }),
    )
    const { versionIds } = await vault.listSecretVersionIds({ ...secret, includeDeprecated: true })
    for (const { versionId, versionStages } of versionIds) {
      probes.push(get({ ...secret, versionId }))
      for (const versionStage of versionStages) probes.push(get({ ...secret, versionStage }))
    }
  }
  for (const [secretName, versionId] of evicted) probes.push(get({ secretName, versionId }))
  const absent = { secretName: 'absent' }
  return [
    ...probes,
    get(absent),
    probe('list', (v) => v.listSecrets({ pageSize: 100 })),
    { ...probe('list page by page', (v) => collect(v)), isSecondary: true },
    { ...probe('list by tag', (v) => v.listSecrets({ filters: BY_TAG })), isSecondary: true },
    batchProbe(names),
  ]
}

const BY_TAG = [{ key: 'TagKey', values: ['env'] }] as const

function get(request: GetSecretValueRequest): ReadProbe {
  return probe(`get ${JSON.stringify(request)}`, (vault) => vault.getSecretValue(request))
}

/** A single call. */
export function probe(name: string, call: (vault: Vault) => Promise<unknown>): ReadProbe {
  return {
    name,
    isSecondary: false,
    run: async (vault) => [await answerOf(() => call(vault))],
  }
}

async function collect(vault: Vault): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const row of vault.iterateSecrets({ pageSize: 1 })) rows.push(row)
  return rows
}

/** Current versions in one call; an answer for each secret. */
function batchProbe(names: readonly string[]): ReadProbe {
  const secretsList = names.map((secretName) => ({ secretName }))
  return {
    name: 'batch',
    isSecondary: true,
    run: async (vault) => {
      const { secretValues, errors } = await vault.batchGetSecretValue({ secretsList })
      return names.map((name) => {
        const value = secretValues.find((row) => row.secretName === name)
        const error = errors.find((row) => row.secretName === name)
        return value === undefined ? `error ${error?.code ?? 'none'}` : toText(value)
      })
    },
  }
}

/** What a call gives, or the code of what it fails with. */
export async function answerOf(call: () => Promise<unknown>): Promise<string> {
  try {
    return toText(await call())
  } catch (error) {
    if (!(error instanceof Error)) return 'failed with something else than an error'
    const integrity = isIntegrityError(error) ? 'integrity ' : ''
    return `${integrity}error ${codeOf(error)}`
  }
}

/** Bytes are told apart from text, and dates are written out. */
function toText(result: unknown): string {
  return JSON.stringify(result, (_name, value: unknown) =>
    value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('hex') } : value,
  )
}

/** Codes that say that the store holds what the vault did not write; a batch gives codes alone. */
const INTEGRITY_ANSWER = new RegExp(
  '^integrity error |^error (DECRYPTION_FAILED|MALFORMED_RECORD|UNSUPPORTED_FORMAT|RECORD_M\\w+)$',
)

export type Verdict = 'right' | 'refused' | 'wrong'

/**
 * What an answer of a damaged store is worth. There is no third good one: an error of another kind
 * (a quiet "not found", a wrong passphrase, an exception without a code) is as wrong as a value.
 */
export function judge(expected: string, actual: string | undefined): Verdict {
  if (actual === expected) return 'right'
  return actual !== undefined && INTEGRITY_ANSWER.test(actual) ? 'refused' : 'wrong'
}
