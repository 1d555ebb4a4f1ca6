/** Who makes a request through a view, and what is known of it. */

/** The user or role that a view is for. The program that calls `as` has authenticated it. */
export interface Principal {
  /** Which of the two it is. */
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
