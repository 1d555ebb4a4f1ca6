/**
 * A program: one peer in a process of its own, so that none meets the memory and the threads of
 * another. Arguments are the name of the peer and an empty folder; orders come from the parent.
 */
import { performance } from 'node:perf_hooks'
import { check } from '../comparison.js'
import { payloadText, sequence } from '../payloads.js'
import { nameAt } from '../population.js'
import type { Peer, PeerKind } from './peer.js'
import { peerKind } from './peer-kinds.js'
import type { FillOrder, PeerAnswer, PeerOrder, TimeOrder } from './peer-orders.js'

class Store {
  readonly #kind: PeerKind
  readonly #folder: string
  /** What was stored last under each name. */
  readonly #values = new Map<string, string>()
  #bytes = 0
  #puts = 0
  #peer: Peer | null = null
  #chance: () => number = () => 0

  constructor(kind: PeerKind, folder: string) {
    this.#kind = kind
    this.#folder = folder
  }

  async obey(order: PeerOrder): Promise<readonly number[]> {
    switch (order.does) {
      case 'fill':
        return this.#fill(order)
      case 'open':
        return this.#time(order, () => this.#reopen())
      case 'get':
        return this.#time(order, () => this.#get())
      case 'put':
        return this.#time(order, () => this.#put())
      case 'verify':
        return this.#verify()
      case 'readBack':
        return this.#readBack()
      case 'close':
        return this.#close()
    }
  }

  /** The store is closed afterwards, so that everything is in its files. */
  async #fill({ entries, bytes }: FillOrder): Promise<readonly number[]> {
    this.#bytes = bytes
    this.#chance = sequence(entries)
    for (let i = 0; i < entries; i++) this.#values.set(nameAt(i), payloadText(bytes, nameAt(i)))
    this.#peer = await this.#kind.open(this.#folder, true)
    await this.#peer.fill(this.#values)
    return this.#close()
  }

  async #time(order: TimeOrder, run: () => Promise<number>): Promise<readonly number[]> {
    const times: number[] = []
    const end = performance.now() + order.within
    do {
      times.push((await run()) * 1e6)
    } while (times.length < order.runs && performance.now() < end)
    return times
  }

  /** Milliseconds from the call that opens to the first value. */
  async #reopen(): Promise<number> {
    await this.#close()
    const name = this.#anyName()
    const started = performance.now()
    this.#peer = await this.#kind.open(this.#folder, false)
    const value = await this.#peer.get(name)
    const elapsed = performance.now() - started
    this.#compare(name, value)
    return elapsed
  }

  async #get(): Promise<number> {
    const [peer, name] = [this.#open(), this.#anyName()]
    const started = performance.now()
    const value = await peer.get(name)
    const elapsed = performance.now() - started
    this.#compare(name, value)
    return elapsed
  }

  async #put(): Promise<number> {
    const [peer, name] = [this.#open(), this.#anyName()]
    const value = payloadText(this.#bytes, `${name} ${this.#puts++}`)
    const started = performance.now()
    await peer.put(name, value)
    const elapsed = performance.now() - started
    this.#values.set(name, value)
    return elapsed
  }

  async #verify(): Promise<readonly number[]> {
    if (this.#peer === null) await this.#reopen()
    await this.#put()
    for (const name of [nameAt(0), this.#anyName()]) {
      this.#compare(name, await this.#open().get(name))
    }
    return []
  }

  /** All values, out of a store that was opened for it. */
  async #readBack(): Promise<readonly number[]> {
    await this.#reopen()
    const peer = this.#open()
    const all = peer.getAll?.()
    for (const name of this.#values.keys()) {
      this.#compare(name, all === undefined ? await peer.get(name) : all.get(name))
    }
    return [this.#values.size]
  }

  async #close(): Promise<readonly number[]> {
    await this.#peer?.close()
    this.#peer = null
    return []
  }

  #open(): Peer {
    if (this.#peer === null) throw new TypeError('the store is closed')
    return this.#peer
  }

  #anyName(): string {
    return nameAt(this.#chance())
  }

  #compare(name: string, value: string | undefined): void {
    check(value === this.#values.get(name), `another value of ${name}`)
  }
}

const [kind = '', folder = ''] = process.argv.slice(2)
const store = new Store(peerKind(kind), folder)
const answer = (each: PeerAnswer): void => {
  process.send?.(each)
}

process.on('message', (order: PeerOrder) => {
  store.obey(order).then(
    (numbers) => {
      answer({ kind: 'done', numbers })
    },
    (error: unknown) => {
      answer({ kind: 'failed', message: String(error) })
    },
  )
})
