/** What the page and the worker that derives keys say to each other. */
import type { SlotKdf } from 'stagevault'

/** The one message to the worker, which lives for one derivation. */
export interface DerivationRequest {
  readonly text: string
  readonly kdf: SlotKdf
}

export type DerivationReply =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'key'; readonly key: Uint8Array }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | null }
