/** The peers, in the order of the table: the one in question first. */
import { lmdbPeer, sqlitePeer } from './database-peers.js'
import { agePeer, confPeer } from './file-peers.js'
import { kdbxPeer } from './kdbx-peer.js'
import { levelEnvelopePeer, levelPeer } from './level-peers.js'
import type { PeerKind } from './peer.js'
import { stagevaultPeer } from './stagevault-peer.js'

export const PEER_KINDS: readonly PeerKind[] = [
  stagevaultPeer,
  levelPeer,
  levelEnvelopePeer,
  sqlitePeer,
  lmdbPeer,
  agePeer,
  confPeer,
  kdbxPeer,
]

/** @throws RangeError where there is none of that name. */
export function peerKind(name: string): PeerKind {
  const kind = PEER_KINDS.find((each) => each.name === name)
  if (kind === undefined) throw new RangeError(`there is no peer ${name}`)
  return kind
}
