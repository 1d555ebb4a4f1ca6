import type { RequestContext } from '@stagevault/core/access/request-facts'
import type { NamedPrincipal } from '@stagevault/core/request/principal-requests'

/** Who uses a view, and what is known of the request. */
export interface Caller {
  readonly principal: NamedPrincipal
  readonly context: RequestContext
}
