/// <reference lib="esnext.disposable" preserve="true" />
import type { PolicyOperations } from './policy-operations.js'
import type { Principal, RequestContext } from './principal.js'
import type { SecretOperations } from './secret-operations.js'
import type { ValueOperations } from './value-operations.js'
import type { VaultListener } from './events.js'

/**
 * A vault as a user or role may use it: every call is decided by the policies that are stored when
 * it takes effect. A call that is not allowed rejects with `ACCESS_DENIED`, also where the secret
 * does not exist. A view has no unlock slots, no settings and no management of access.
 *
 * A list holds the rows that the caller may list; events are those of secrets that it may describe.
 * Tokens of pages are encrypted and valid for the same principal only.
 */
export interface VaultView
  extends
    ValueOperations,
    SecretOperations,
    Pick<PolicyOperations, 'getSecretPolicy' | 'setSecretPolicy'> {
  /** Whom the view is for. */
  readonly principal: Principal

  /**
   * The same view with more known of the request: what is given replaces what was there.
   *
   * @throws VaultError `INVALID_PARAMETER`
   *
   * @example
   * ```ts
   * const view = vault.as({ kind: 'user', name: 'ann' })
   * const request = view.withContext({ sourceIp: '192.0.2.7', secureTransport: true })
   * console.log(request.principal.name) // → ann
   * ```
   */
  withContext(context: RequestContext): VaultView

  /**
   * Calls `listener` after changes of secrets that the principal may describe
   * (`kms:DescribeSecret`), as they are decided then.
   *
   * @returns a function that ends the subscription.
   * @throws VaultError `VAULT_CLOSED`
   *
   * @example
   * ```ts
   * const unsubscribe = vault.as({ kind: 'user', name: 'ann' }).subscribe(({ secretName }) => {
   *   console.log(secretName)
   * })
   * unsubscribe()
   * ```
   */
  subscribe(listener: VaultListener): () => void

  /**
   * Ends this view; the vault stays open.
   *
   * @example
   * ```ts
   * await vault.as({ kind: 'user', name: 'ann' }).close()
   * ```
   */
  close(): Promise<void>
}
