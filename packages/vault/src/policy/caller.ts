import type { RequestContext } from '@stagevault/core/access/request-facts'
import type { NamedPrincipal } from '@stagevault/core/request/principal-requests'
import type * as Decisions from './decisions.js'

/** Whose request is decided, and what is known of it. */
export interface AccessSubject {
  readonly principal: NamedPrincipal
  readonly context: RequestContext
}

/** Who uses a view. */
export interface Caller extends AccessSubject {
  /** Loads what decides calls, if it is not loaded yet: a vault without views does not need it. */
  readonly loadDecisions: () => Promise<typeof Decisions>
}
