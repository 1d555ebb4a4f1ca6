/** The second section: the life of one secret, as the model of versions and labels has it. */

import type { SecretVersion, Vault, VaultEvent } from 'stagevault'
import { refusalOf } from './refusal.js'
import type { Report } from './report.js'
import { drawVersions } from './version-picture.js'

/** What the story leaves behind, to be compared with what is there after reopening. */
export interface StoryEnd {
  readonly secretName: string
  /** The values by version id, those of evicted versions included. */
  readonly values: ReadonlyMap<string, string>
  readonly versions: readonly SecretVersion[]
}

interface Story {
  readonly vault: Vault
  readonly report: Report
  readonly secretName: string
  readonly values: Map<string, string>
  readonly events: VaultEvent[]
}

const VERSIONS_MAX = 10
const LABELS_MAX = 8
/** With `ACSCurrent` and `ACSPrevious` as many as there may be. */
const CUSTOM_LABELS = ['blue', 'green', 'canary', 'audit', 'eu', 'us'] as const

export async function tellLabelStory(
  vault: Vault,
  report: Report,
  takenNames: readonly string[],
): Promise<StoryEnd> {
  const secretName = freeName('MyDbCreds', takenNames)
  report.section(`2  One secret through its versions: ${secretName}`)
  const events: VaultEvent[] = []
  const story: Story = { vault, report, secretName, values: new Map(), events }
  const unsubscribe = vault.subscribe((event) => events.push(event))
  await storeAndRead(story)
  await storeAgain(story)
  await labelToTheLimit(story)
  await storeUntilEviction(story)
  await rollBack(story)
  unsubscribe()
  return { secretName, values: story.values, versions: await listVersions(story) }
}

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted
  for (let i = 2; taken.includes(name); i += 1) name = `${wanted}-${i}`
  return name
}

/** What MyApp needs to reach its database: a user name, and a random password. */
async function newCredentials({ vault }: Story): Promise<string> {
  const { randomPassword } = await vault.getRandomPassword()
  return JSON.stringify({ user: 'myapp', password: randomPassword })
}

async function storeAndRead(story: Story): Promise<void> {
  const { vault, report, secretName } = story
  report.line('Store user and password of a database under one name, and read them as MyApp does.')
  const secretData = await newCredentials(story)
  const { versionId } = await vault.createSecret({ secretName, secretData })
  story.values.set(versionId, secretData)
  await showVersions(story)
  report.check('MyApp gets what was stored', await readsAs(story, {}, 'v1'))
}

async function storeAgain(story: Story): Promise<void> {
  const { report } = story
  report.line()
  report.line('Store again: the new value is current, the one before is a label away.')
  await put(story)
  await showVersions(story)
  report.check('ACSCurrent is the new value', await readsAs(story, {}, 'v2'))
  report.check(
    'ACSPrevious is the value before',
    await readsAs(story, { versionStage: 'ACSPrevious' }, 'v1'),
  )
}

async function labelToTheLimit(story: Story): Promise<void> {
  const { vault, report, secretName } = story
  report.line()
  report.line(`Labels of your own, up to ${LABELS_MAX} on one secret with the built-in ones.`)
  for (const [i, versionStage] of CUSTOM_LABELS.entries()) {
    const moveToVersion = i < CUSTOM_LABELS.length / 2 ? 'v1' : 'v2'
    await vault.updateSecretVersionStage({ secretName, versionStage, moveToVersion })
  }
  await showVersions(story)
  const before = await listVersions(story)
  const oneMore = { secretName, versionStage: 'one-more', moveToVersion: 'v2' }
  const refusal = await refusalOf(vault.updateSecretVersionStage(oneMore))
  report.check('a ninth is refused: STAGE_LABEL_LIMIT', refusal === 'STAGE_LABEL_LIMIT')
  report.check('and has changed nothing', isSame(before, await listVersions(story)))
}

async function storeUntilEviction(story: Story): Promise<void> {
  const { vault, report, secretName, events } = story
  report.line()
  report.line(`Store until there are ${VERSIONS_MAX} versions; a dot has no label.`)
  for (let i = 3; i <= VERSIONS_MAX; i += 1) await put(story)
  await showVersions(story)
  report.line('One more: the oldest version without a label makes room.')
  await put(story)
  await showVersions(story)
  const gone = await refusalOf(vault.getSecretValue({ secretName, versionId: 'v3' }))
  report.check('v3 is gone: VERSION_NOT_FOUND', gone === 'VERSION_NOT_FOUND')
  const evictions = events.filter((event) => event.type === 'secret.version.evicted')
  report.check(
    'its eviction was an event, and the only one',
    evictions.map(({ versionId }) => versionId).join() === 'v3',
  )
  report.check(
    'v1 is older, but has labels, and stays',
    await readsAs(story, { versionStage: 'blue' }, 'v1'),
  )
  report.check(
    `there are ${VERSIONS_MAX} versions`,
    (await listVersions(story)).length === VERSIONS_MAX,
  )
}

async function rollBack(story: Story): Promise<void> {
  const { vault, report, secretName } = story
  report.line()
  report.line('The new password does not work? Move ACSCurrent back.')
  await vault.updateSecretVersionStage({
    secretName,
    versionStage: 'ACSCurrent',
    moveToVersion: 'v10',
  })
  await showVersions(story)
  report.check('readers get the value before', await readsAs(story, {}, 'v10'))
  report.check(
    'the failed one is ACSPrevious, not lost',
    await readsAs(story, { versionStage: 'ACSPrevious' }, 'v11'),
  )
}

async function put(story: Story): Promise<void> {
  const { vault, secretName } = story
  const secretData = await newCredentials(story)
  const { versionId } = await vault.putSecretValue({ secretName, secretData })
  story.values.set(versionId, secretData)
}

/** Whether a read finds this version, with the value that was stored as it. */
async function readsAs(
  { vault, secretName, values }: Story,
  selector: { versionStage?: string },
  versionId: string,
): Promise<boolean> {
  const found = await vault.getSecretValue({ secretName, ...selector })
  return found.versionId === versionId && found.secretData === values.get(versionId)
}

async function listVersions({ vault, secretName }: Story): Promise<readonly SecretVersion[]> {
  const request = { secretName, includeDeprecated: true }
  const { versionIds } = await vault.listSecretVersionIds(request)
  return versionIds
}

async function showVersions(story: Story): Promise<void> {
  const { report } = story
  const picture = drawVersions(await listVersions(story), report.width - 4, report.paint)
  report.line()
  for (const line of picture) report.line(line === '' ? '' : `  ${line}`)
  report.line()
}

/** Whether two lists show the same versions with the same labels. */
export function isSame(a: readonly SecretVersion[], b: readonly SecretVersion[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
