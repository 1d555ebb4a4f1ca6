/** Runs a program of `children/` that lives a vault's life, and gives what it reports. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { LifeReport } from './vault-life.js'
import { LIFE_AS_TEXT } from './vault-life.js'

/** Gives the program a folder, the life, and what else it wants; it must not crash. */
export async function runChild(
  program: string,
  [folder, ...args]: readonly [folder: string, ...string[]],
  env: NodeJS.ProcessEnv = process.env,
): Promise<LifeReport[]> {
  const path = fileURLToPath(new URL(`children/${program}.mjs`, import.meta.url))
  // Not into the folder, whose disk may be full.
  const elsewhere = await mkdtemp(join(tmpdir(), 'stagevault-life-'))
  const life = join(elsewhere, 'life.json')
  await writeFile(life, LIFE_AS_TEXT)
  const child = spawn(process.execPath, [path, folder, life, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  })
  const ended = once(child, 'exit')
  const reports: LifeReport[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    reports.push(JSON.parse(line) as LifeReport)
  }
  await ended
  await rm(elsewhere, { recursive: true })
  expect([child.exitCode, child.signalCode]).toEqual([0, null])
  return reports
}
