/**
 * A program: opens the vault at a location, with the key on standard input, reads as many secrets
 * as it is told, and prints time and memory as JSON.
 */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { openLevelStorage } from '@stagevault/storage-level'
import { openVault, rawKey } from 'stagevault'
import { check } from './comparison.js'
import { sequence } from './payloads.js'
import { nameAt, valueAt } from './population.js'
import type { Weighing } from './weighing.js'

const STANDARD_INPUT = 0

function residentBytes(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

async function weigh(
  location: string,
  key: Uint8Array,
  count: number,
  gets: number,
): Promise<Weighing> {
  const emptyBytes = residentBytes()
  const started = performance.now()
  const storage = await openLevelStorage({ location })
  const vault = await openVault({ storage, unlock: rawKey(key) })
  const openMilliseconds = performance.now() - started
  const openBytes = residentBytes()
  const index = sequence(count)
  for (let i = 0; i < gets; i++) {
    const at = index()
    const { secretData } = await vault.getSecretValue({ secretName: nameAt(at) })
    check(secretData === valueAt(at), 'another value')
  }
  const usedBytes = residentBytes()
  await vault.close()
  await storage.close()
  return { openMilliseconds, emptyBytes, openBytes, usedBytes }
}

const [location = '', count = '0', gets = '0'] = process.argv.slice(2)
const key = readFileSync(STANDARD_INPUT)
console.log(JSON.stringify(await weigh(location, key, Number(count), Number(gets))))
