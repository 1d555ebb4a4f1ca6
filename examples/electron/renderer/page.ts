/** The page: shows what the main process tells, and asks it for what a person asks for. */

import type { Bridge, Reply, SecretRow, SecretText } from '../src/ipc-contract.js'
import type { VaultState, VaultStatus } from '../src/vault-keeper.js'
import { failureWords, problemWords } from './problem-words.js'

declare global {
  interface Window {
    readonly vault: Bridge
  }
}

const { vault } = window
const SHOWN_SECONDS = 30

const STATES: Readonly<Record<VaultState, string>> = {
  new: 'No vault yet',
  lost: 'Missing',
  locked: 'Locked',
  unlocked: 'Unlocked',
}

let state: VaultState | null = null
let nextToken: string | null = null
let hiding: ReturnType<typeof setTimeout> | undefined

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`the page has no ${id}`)
}

const field = (id: string): HTMLInputElement => element(id, HTMLInputElement)
const part = (id: string): HTMLElement => element(id, HTMLElement)

/** The answer, or `null` after its failure was shown. */
async function asked<T>(reply: Promise<Reply<T>>): Promise<T | null> {
  const failure = part('failure')
  failure.hidden = true
  const answer = await reply
  if (answer.ok) return answer.value
  failure.textContent = failureWords(answer)
  failure.hidden = false
  return null
}

/** What a button starts cannot be started again before it is done. */
async function busy(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  button.disabled = true
  try {
    await work()
  } finally {
    button.disabled = false
  }
}

function onClick(id: string, work: () => Promise<void>): void {
  const button = element(id, HTMLButtonElement)
  button.addEventListener('click', () => void busy(button, work))
}

function onSubmit(id: string, work: () => Promise<void>): void {
  const form = element(id, HTMLFormElement)
  const button = form.querySelector('button')
  if (button === null) throw new Error(`${id} has no button`)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void busy(button, work)
  })
}

/** The text of a field, which is empty from then on. */
function takeText(input: HTMLInputElement | HTMLTextAreaElement): string {
  const { value } = input
  input.value = ''
  return value
}

async function show(status: VaultStatus | null): Promise<void> {
  if (status === null) return
  const before = state
  state = status.state
  part('state').textContent = STATES[state]
  for (const name of Object.keys(STATES)) part(name).hidden = name !== state
  part('lock').hidden = state !== 'unlocked'
  part('problem').hidden = status.problem === null
  part('problem').textContent = status.problem === null ? '' : problemWords(status.problem)
  if (state === before) return
  forget()
  if (state === 'unlocked') await list(null)
}

/** Nothing of an open vault stays in the page. */
function forget(): void {
  hideValue()
  part('secrets').replaceChildren()
  takeText(field('passphrase'))
  takeText(element('text', HTMLTextAreaElement))
}

async function list(from: string | null): Promise<void> {
  const found = await asked(vault.listSecrets(from))
  if (found === null || state !== 'unlocked') return
  const rows = part('secrets')
  if (from === null) rows.replaceChildren()
  rows.append(...found.secrets.map(rowOf))
  nextToken = found.nextToken
  part('more').hidden = nextToken === null
  part('none').hidden = rows.childElementCount > 0
}

function rowOf({ secretName, updateTime }: SecretRow): HTMLLIElement {
  const name = document.createElement('span')
  name.textContent = secretName
  const time = document.createElement('time')
  time.dateTime = new Date(updateTime).toISOString()
  time.textContent = new Date(updateTime).toLocaleDateString()
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Show'
  button.setAttribute('aria-label', `Show ${secretName}`)
  button.addEventListener('click', () => void busy(button, () => read(secretName)))
  const row = document.createElement('li')
  row.append(name, time, button)
  return row
}

async function read(secretName: string): Promise<void> {
  hideValue()
  const found = await asked(vault.readSecret(secretName))
  // The vault was locked since: the value came too late to be shown.
  if (found !== null && state === 'unlocked') showValue(secretName, found)
}

function showValue(secretName: string, { text, versionId }: SecretText): void {
  part('shown-name').textContent = `${secretName}, ${versionId}`
  part('value').textContent = text ?? 'This value is no text.'
  part('shown').hidden = false
  hiding = setTimeout(hideValue, SHOWN_SECONDS * 1000)
}

function hideValue(): void {
  clearTimeout(hiding)
  part('value').textContent = ''
  part('shown').hidden = true
}

onSubmit('create', async () => {
  const text = takeText(field('new-passphrase'))
  const isSame = takeText(field('same-passphrase')) === text
  const different = { ok: false, code: 'TYPED_WRONG', message: 'The two differ.' } as const
  await show(await asked(isSame ? vault.createVault(text) : Promise.resolve(different)))
})
onSubmit('unlock-with-passphrase', async () => {
  await show(await asked(vault.unlockWithPassphrase(takeText(field('passphrase')))))
})
onSubmit('store', async () => {
  const name = field('name')
  const text = element('text', HTMLTextAreaElement)
  if ((await asked(vault.storeSecret(name.value, text.value))) === null) return
  takeText(name)
  takeText(text)
  await list(null)
})
onClick('unlock', async () => {
  await show(await asked(vault.unlock()))
})
onClick('lock', async () => {
  await show(await asked(vault.lock()))
})
onClick('more', () => list(nextToken))
onClick('hide', () => {
  hideValue()
  return Promise.resolve()
})

vault.onStatusChanged((status) => void show(status))
await show(await asked(vault.status()))
