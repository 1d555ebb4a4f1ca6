/** The forms in which secrets are stored, edited and deleted. */
import type { SecretMetadata, Vault } from 'stagevault'
import { Refusal, problemWords } from '../model/problem-words.js'
import { changeOfTags, formatTags, parseTags } from '../model/tag-text.js'
import type { FormDialog } from '../views/form-dialog.js'
import { openFormDialog } from '../views/form-dialog.js'
import type { DialogField } from '../views/form-fields.js'
import { asTyped } from '../views/form-fields.js'

export interface SecretForms {
  newSecret(): void
  newVersion(secret: SecretMetadata): void
  edit(secret: SecretMetadata): void
  addLabel(secret: SecretMetadata, versionId: string, versionIds: readonly string[]): void
  delete(secret: SecretMetadata): void
}

const ABOUT_FIELDS = (about: Partial<SecretMetadata> = {}): DialogField[] => [
  {
    name: 'description',
    label: 'Description',
    kind: 'lines',
    rows: 2,
    value: about.description ?? '',
    hint: 'Not encrypted, and neither are names and tags: put nothing secret there.',
  },
  {
    name: 'tags',
    label: 'Tags',
    kind: 'lines',
    rows: 3,
    value: formatTags(about.tags ?? []),
    hint: 'One a line: key, or key = value, of letters, digits and / \\ _ - . + = : @ only.',
  },
]

/**
 * @param attempt - what a form does is done through it
 * @param done - told what was done, and which secret to show
 */
export function createSecretForms(
  vault: Vault,
  attempt: (work: () => Promise<void>) => Promise<void>,
  done: Done,
): SecretForms {
  const open: Open = (form) => {
    const run: FormDialog['run'] = (values) => attempt(() => form.run(values))
    openFormDialog({ ...form, run, words: problemWords })
  }
  const valueField: DialogField = {
    name: 'value',
    label: 'Value',
    kind: 'value',
    hint: 'Up to 30,720 bytes: as many letters, or fewer where they have accents.',
    generate: async () => (await vault.getRandomPassword()).randomPassword,
  }

  return {
    newSecret: () => {
      openNewSecret(vault, open, valueField, done)
    },
    newVersion: (secret) => {
      const { secretName } = secret
      open({
        title: `A new version of ${secretName}`,
        text: 'It becomes current. The one that is current now stays, as ACSPrevious.',
        fields: [valueField],
        submit: 'Store',
        run: async (values) => {
          const secretData = valueOf(values, 'value')
          await requireSame(vault, secret)
          const { versionId } = await vault.putSecretValue({ secretName, secretData })
          done(`${versionId} is stored and current`, secretName)
        },
      })
    },
    edit: (secret) => {
      openEdit(vault, open, secret, done)
    },
    addLabel: (secret, versionId, versionIds) => {
      const { secretName } = secret
      open({
        title: `A label for ${secretName}`,
        text: 'A version with a label is not evicted. A label that is there already moves.',
        fields: [
          { name: 'label', label: 'Label', kind: 'line', isRequired: true },
          {
            name: 'version',
            label: 'On version',
            kind: 'choice',
            value: versionId,
            choices: versionIds.map((each) => [each, each] as const),
          },
        ],
        submit: 'Add',
        run: async (values) => {
          const versionStage = valueOf(values, 'label').trim()
          const moveToVersion = valueOf(values, 'version')
          await requireSame(vault, secret)
          await vault.updateSecretVersionStage({ secretName, versionStage, moveToVersion })
          done(`${versionStage} is on ${moveToVersion}`, secretName)
        },
      })
    },
    delete: (secret) => {
      openDelete(vault, open, secret, done)
    },
  }
}

type Open = (form: Omit<FormDialog, 'words'>) => void
type Done = (words: string, secretName: string | null) => void

function openNewSecret(vault: Vault, open: Open, valueField: DialogField, done: Done): void {
  open({
    title: 'A new secret',
    fields: [
      {
        name: 'name',
        label: 'Name',
        kind: 'line',
        isRequired: true,
        hint: 'Up to 192 letters, digits and _ / + = . @ -',
      },
      valueField,
      ...ABOUT_FIELDS(),
    ],
    submit: 'Store',
    run: async (values) => {
      const { secretName } = await vault.createSecret({
        secretName: valueOf(values, 'name').trim(),
        secretData: valueOf(values, 'value'),
        description: valueOf(values, 'description'),
        tags: parseTags(valueOf(values, 'tags')),
      })
      done(`${secretName} is stored`, secretName)
    },
  })
}

function openEdit(vault: Vault, open: Open, secret: SecretMetadata, done: Done): void {
  const { secretName } = secret
  /** As it is after what was saved: a part may be, and the rest be refused and tried again. */
  let saved = secret
  open({
    title: `Edit ${secretName}`,
    fields: [
      { name: 'name', label: 'Name', kind: 'line', isRequired: true, value: secretName },
      ...ABOUT_FIELDS(secret),
    ],
    submit: 'Save',
    run: async (values) => {
      const description = valueOf(values, 'description')
      const newSecretName = valueOf(values, 'name').trim()
      const tags = parseTags(valueOf(values, 'tags'))
      await requireUnchanged(vault, saved)
      const name = { secretName: saved.secretName }
      if (newSecretName !== saved.secretName) await vault.renameSecret({ ...name, newSecretName })
      saved = { ...saved, secretName: newSecretName }
      const renamed = { secretName: newSecretName }
      if (description !== asTyped(saved.description)) {
        await vault.updateSecret({ ...renamed, description })
      }
      saved = { ...saved, description }
      // Taken away first: with those that come there may be more than a secret can have.
      const { set, remove } = changeOfTags(saved.tags, tags)
      if (remove.length > 0) await vault.untagResource({ ...renamed, tagKeys: remove })
      saved = { ...saved, tags: saved.tags.filter(({ tagKey }) => !remove.includes(tagKey)) }
      if (set.length > 0) await vault.tagResource({ ...renamed, tags: set })
      done(`${newSecretName} is saved`, newSecretName)
    },
  })
}

/**
 * What a form is for is a secret, and not whichever has its name by now: another tab may have
 * renamed it, and given its name to another.
 */
async function requireSame(vault: Vault, shown: SecretMetadata): Promise<SecretMetadata> {
  const { secretName, createTime } = shown
  const now = await vault.describeSecret({ secretName })
  if (now.createTime.getTime() === createTime.getTime()) return now
  throw new Refusal('This name stands for another secret by now. Close the form and look again.')
}

/** The secret may have been edited in another tab while the form was open. */
async function requireUnchanged(vault: Vault, shown: SecretMetadata): Promise<void> {
  const now = await requireSame(vault, shown)
  const tags = changeOfTags(shown.tags, now.tags)
  if (now.description === shown.description && tags.set.length + tags.remove.length === 0) return
  throw new Refusal('Another tab has changed this secret. Close the form and look again.')
}

const NOW = 'now'

function openDelete(vault: Vault, open: Open, secret: SecretMetadata, done: Done): void {
  const { secretName } = secret
  open({
    title: `Delete ${secretName}?`,
    text: 'With all its versions. Until the time is over it can be restored.',
    fields: [
      {
        name: 'when',
        label: 'Delete it',
        kind: 'choice',
        value: '30',
        choices: [
          ['7', 'in 7 days'],
          ['30', 'in 30 days'],
          [NOW, 'now, permanently'],
        ],
      },
    ],
    submit: 'Delete',
    isDangerous: true,
    run: async (values) => {
      const when = valueOf(values, 'when')
      await requireSame(vault, secret)
      if (when === NOW) {
        await vault.deleteSecret({ secretName, forceDeleteWithoutRecovery: true })
        done(`${secretName} is deleted`, null)
      } else {
        await vault.deleteSecret({ secretName, recoveryWindowInDays: Number(when) })
        done(`${secretName} will be deleted in ${when} days`, secretName)
      }
    },
  })
}

function valueOf(values: ReadonlyMap<string, string>, name: string): string {
  return values.get(name) ?? ''
}
