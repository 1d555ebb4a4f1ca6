/// <reference lib="esnext.disposable" preserve="true" />
import type { PolicyOperations } from './policy-operations.js'
import type { SecretOperations } from './secret-operations.js'
import type { ValueOperations } from './value-operations.js'
import type { VaultListener } from './events.js'

/** The user or role that a view is for. The program that calls `as` has authenticated it. */
export interface Principal {
  readonly kind: 'user' | 'role'
  /** 1 to 64 of `A-Z a-z 0-9 _ . @ -`. */
  readonly name: string
  /** Which session of a role this is, of the same characters. No policy compares it. */
  readonly sessionName?: string | undefined
  /**
   * The account of the principal; by default the vault's. The vault's users and roles are of its
   * own account: of a principal of another, only policies of secrets can speak.
   */
  readonly accountId?: string | undefined
}

/** What a front end knows of a request. What it leaves out is absent from conditions. */
export interface RequestContext {
  /** `acs:SourceIp`, from a trusted hop only. What is no address counts against the caller. */
  readonly sourceIp?: string | undefined
  /** `acs:SecureTransport`. */
  readonly secureTransport?: boolean | undefined
  /** `acs:MFAPresent`. */
  readonly mfaPresent?: boolean | undefined
  /** `acs:UserAgent`: at most 256 characters. */
  readonly userAgent?: string | undefined
  /** The front end's id of the request: at most 256 characters. */
  readonly requestId?: string | undefined
  /**
   * Keys `app:<name>`: at most 16, each a text of at most 256 characters, a number, a boolean or a
   * list of at most 16 texts. Policies compare integers only. Names are compared without regard to
   * case.
   */
  readonly attributes?:
    Readonly<Record<string, string | number | boolean | readonly string[]>> | undefined
}

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
