/** All peers with values of one size: what is asked of them, in turns. */
import { resultOf } from '../measure-rounds.js'
import type { ComparisonResult, Pace } from '../measure.js'
import { sizeName } from '../payloads.js'
import { summarize, type RoundTimes } from '../statistics.js'
import type { Fact, Rounds, SuiteContext } from '../suite.js'
import { peerVersions } from './install-peers.js'
import { startPeer, type PeerClient } from './peer-client.js'
import { PEER_KINDS } from './peer-kinds.js'
import type { TimeOrder } from './peer-orders.js'

/** What a round makes of each peer. */
interface Work {
  readonly title: string
  /** Short, so that other work of the machine affects every peer. */
  readonly turn: TimeOrder
  readonly turns: number
}

const WORK: readonly Work[] = [
  { title: 'open and get one value', turn: { does: 'open', runs: 1, within: 0 }, turns: 1 },
  { title: 'get', turn: { does: 'get', runs: 100, within: 40 }, turns: 10 },
  {
    title: 'put, as durable as the peer makes it',
    turn: { does: 'put', runs: 20, within: 40 },
    turns: 10,
  },
]

export interface Field {
  readonly bytes: number
  readonly peers: readonly PeerClient[]
}

/** Fills all peers. Those that run are in `started`, also where one of them fails. */
export async function prepareField(
  { folder, scale }: SuiteContext,
  bytes: number,
  started: PeerClient[],
): Promise<Field> {
  const peers: PeerClient[] = []
  for (const kind of PEER_KINDS) {
    const entries = Math.min(scale.peerEntries, kind.entriesMax ?? scale.peerEntries)
    const peer = await startPeer(kind, folder, { entries, bytes })
    started.push(peer)
    peers.push(peer)
  }
  return { bytes, peers }
}

export function comparisonsOf({ bytes, peers }: Field): Rounds['comparisons'] {
  return WORK.map(({ title }) => ({
    title: `${title}, values of ${sizeName(bytes)}`,
    subjects: peers.map((peer) => ({
      name: nameOf(peer),
      verify: async () => {
        await peer.ask({ does: 'verify' })
      },
    })),
  }))
}

function nameOf({ kind, entries }: PeerClient): string {
  const version = peerVersions()[kind.name]
  return `${kind.name}${version === undefined ? '' : ` ${version}`}, ${entries} entries`
}

/** The times of one round by work and by peer. */
export async function measureRound(
  { peers }: Field,
  round: number,
  pace: Pace,
): Promise<RoundTimes[][]> {
  const times: RoundTimes[][] = []
  for (const { turn, turns } of WORK) {
    const samples = peers.map((): number[] => [])
    const order = { ...turn, runs: Math.max(1, Math.round(turn.runs * pace.roundShare)) }
    for (let t = 0; t < Math.max(1, Math.round(turns * pace.roundShare)); t++) {
      for (let i = 0; i < peers.length; i++) {
        const place = (round + t + i) % peers.length
        samples[place]?.push(...((await peers[place]?.ask(order)) ?? []))
      }
    }
    times.push(samples.map(summarize))
  }
  return times
}

export function resultsOf(
  field: Field,
  rounds: readonly (readonly (readonly RoundTimes[])[])[],
): ComparisonResult[] {
  return comparisonsOf(field).map(({ title }, work) =>
    resultOf(
      {
        title,
        subjects: field.peers.map((peer) => ({
          name: nameOf(peer),
          note: () => noteOf(peer, work),
        })),
      },
      field.peers.map((_, place) => rounds.flatMap((times) => times[work]?.[place] ?? [])),
    ),
  )
}

function noteOf({ kind }: PeerClient, work: number): string {
  switch (WORK[work]?.turn.does) {
    case 'open':
      return kind.opening
    case 'put':
      return kind.durability
    default:
      return kind.encryption
  }
}

/** The end of every run: all values once more, compared with what was put last. */
export async function readBack({ bytes, peers }: Field): Promise<Fact[]> {
  const facts: Fact[] = []
  for (const { kind, entries, disk, ask } of peers) {
    const title = `${kind.name}, ${sizeName(bytes)}`
    const [read = 0] = await ask({ does: 'readBack' })
    const unit = 'bytes an entry'
    facts.push(
      { title: `${title}: values read back and equal`, value: read, unit: `of ${entries}` },
      { title: `${title}: on disk`, value: disk.bytes / entries, unit },
      { title: `${title}: on disk, in blocks`, value: disk.allocatedBytes / entries, unit },
    )
  }
  return facts
}
