/** The table cases of access on a real vault: through views, and through `explainAccess`. */

import { setTimeout as delay } from 'node:timers/promises'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isVaultError } from 'stagevault'
import type {
  DecideCase,
  ScenarioCase,
  ScenarioStep,
  TableCase,
} from '../../../core/test/access/case-types.js'
import { dumpRecords } from '../support/stored-records.js'
import type { CaseVault } from './case-vault.js'
import {
  Listeners,
  callOperation,
  keyOf,
  openCaseVault,
  prepareDecideCase,
  prepareScenario,
} from './case-vault.js'

const FILE = new URL('../../../core/test/access/table-cases.json', import.meta.url)
const CASES = JSON.parse(readFileSync(FILE, 'utf8')) as readonly TableCase[]
/** Operations that come later. */
const LATER = ['lookupEvents']

describe('decisions', () => {
  const cases = CASES.filter(
    (item): item is DecideCase =>
      item.kind === 'decide' && item.vault === undefined && !LATER.includes(item.operation),
  )
  it.each(cases)('$id $title', async (item) => {
    const { vault } = await openCaseVault(() => Date.parse(item.now))
    await prepareDecideCase(vault, item)
    const { principal, context, operation, request, action, expect: expected } = item
    const explained = await vault.explainAccess({
      principal,
      context,
      action,
      ...addressed(item),
      request,
    })
    expect({ decision: explained.decision, decidedBy: explained.decidedBy }).toEqual({
      decision: expected,
      decidedBy: item.decidedBy,
    })
    const calling = callOperation(vault.as(principal, context), operation, request)
    if (expected === 'Allow') await calling
    else await expect(calling).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
    await vault.close()
  })
})

function addressed({ request, resource }: DecideCase): object {
  const secretName = request['secretName']
  return secretName === undefined ? { resource } : { secretName }
}

describe('scenarios', () => {
  const cases = CASES.filter((item): item is ScenarioCase => item.kind === 'scenario').filter(
    ({ steps }) => !steps.some(({ operation }) => LATER.includes(operation)),
  )
  it.each(cases)('$id $title', async ({ setup, steps }) => {
    const opened = await openCaseVault()
    await prepareScenario(opened.vault, setup)
    const listeners = new Listeners()
    const saved = new Map<string, unknown>()
    for (const [i, step] of steps.entries()) {
      await runStep(opened, step, `step ${String(i + 1)}`, listeners, saved)
    }
    await opened.vault.close()
  })
})

async function runStep(
  { vault, storage }: CaseVault,
  step: ScenarioStep,
  title: string,
  listeners: Listeners,
  saved: Map<string, unknown>,
): Promise<void> {
  const before = step.stored === 'unchanged' ? await dumpRecords(storage) : null
  const request = withSaved(step.request, saved)
  const found = await resultOf(async () => {
    const handle = step.as === null ? vault : vault.as(step.as, step.context)
    if (step.operation === 'subscribe') {
      listeners.subscribe(keyOf(step.as), handle)
      return {}
    }
    if (step.operation === 'receivedEvents') {
      // Decisions about events may have to read.
      await delay(20)
      return { events: listeners.take(keyOf(step.as)) }
    }
    return callOperation(handle, step.operation, request)
  })
  checkStep(step, title, found)
  for (const [field, name] of Object.entries(step.saves ?? {})) {
    saved.set(name, (found as { result: Record<string, unknown> }).result[field])
  }
  if (before !== null) expect(await dumpRecords(storage), title).toEqual(before)
}

type Found = { readonly code: string; readonly message: string } | { readonly result: unknown }

async function resultOf(run: () => Promise<unknown>): Promise<Found> {
  try {
    return { result: await run() }
  } catch (error) {
    if (!isVaultError(error)) throw error
    return { code: error.code, message: error.message }
  }
}

function checkStep({ expect: expected }: ScenarioStep, title: string, found: Found): void {
  if ('code' in expected) {
    expect(found, title).toMatchObject({ code: expected.code })
    for (const text of expected.messageLacks ?? []) {
      expect((found as { message: string }).message, title).not.toContain(text)
    }
    return
  }
  expect(found, title).toHaveProperty('result')
  const { result } = found as { result: Record<string, unknown> }
  expect(result, title).toMatchObject(expected.result)
  for (const name of expected.present ?? []) expect(result, title).toHaveProperty(name)
  for (const name of expected.absent ?? []) expect(result, title).not.toHaveProperty(name)
}

/** The request with `{ "saved": name }` replaced by what a step before saved. */
function withSaved(
  request: Readonly<Record<string, unknown>>,
  saved: ReadonlyMap<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(request).map(([field, value]) => {
      const isSaved = typeof value === 'object' && value !== null && 'saved' in value
      return [field, isSaved ? saved.get(String(value.saved)) : value]
    }),
  )
}
