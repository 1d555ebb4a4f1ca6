import { describe, expect, it } from 'vitest'
import { expectFailure } from '../support/failures.js'
import { START_TIME } from '../support/test-clock.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }

function numberedTags(count: number, from = 0): { tagKey: string; tagValue: string }[] {
  return Array.from({ length: count }, (_, i) => ({ tagKey: `key${i + from}`, tagValue: `${i}` }))
}

describe('describeSecret', () => {
  it('gives the metadata of a bare secret', async () => {
    const { vault } = await vaultWithSecret()
    expect(await vault.describeSecret(S)).toEqual({
      arn: `acs:kms:local:${vault.vaultId}:secret/S`,
      secretName: 'S',
      secretType: 'Generic',
      encryptionKeyId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      description: '',
      tags: [],
      createTime: new Date(START_TIME),
      updateTime: new Date(START_TIME),
    })
  })

  it('gives everything that was set, tags sorted by key', async () => {
    const { vault } = await newTestVault({ region: 'eu-1', accountId: '42' })
    const extendedConfig = { secretSubType: 'SingleUser', customData: { DBName: 'app' } }
    const tags = [
      { tagKey: 'z', tagValue: '' },
      { tagKey: 'A', tagValue: '2' },
      { tagKey: 'a', tagValue: '1' },
    ]
    const request = { ...S, secretData: 'x', description: 'what it is for', tags, extendedConfig }
    await vault.createSecret(request)
    expect(await vault.describeSecret(S)).toMatchObject({
      arn: 'acs:kms:eu-1:42:secret/S',
      description: 'what it is for',
      tags: [tags[1], tags[2], tags[0]],
      extendedConfig,
    })
  })

  it("gives objects of the caller's own", async () => {
    const { vault } = await newTestVault()
    const tags = [{ tagKey: 'k', tagValue: 'v' }]
    const extendedConfig = { customData: { a: 'b' } }
    await vault.createSecret({ ...S, secretData: 'x', tags, extendedConfig })
    const first = await vault.describeSecret(S)
    ;(first.tags as { tagKey: string; tagValue: string }[]).length = 0
    ;(first.extendedConfig?.customData as Record<string, string>)['a'] = 'forged'
    first.createTime.setTime(0)
    expect(await vault.describeSecret(S)).toMatchObject({
      tags,
      extendedConfig,
      createTime: new Date(START_TIME),
    })
  })

  it('shows when the secret was changed, and by what not', async () => {
    const { vault, clock } = await vaultWithSecret()
    const changes: [boolean, () => Promise<unknown>][] = [
      [true, () => vault.putSecretValue({ ...S, secretData: 'two', versionId: 'v2' })],
      [false, () => vault.putSecretValue({ ...S, secretData: 'two', versionId: 'v2' })],
      [
        true,
        () => vault.updateSecretVersionStage({ ...S, versionStage: 'b', moveToVersion: 'v1' }),
      ],
      [
        false,
        () => vault.updateSecretVersionStage({ ...S, versionStage: 'b', moveToVersion: 'v1' }),
      ],
      [true, () => vault.updateSecret({ ...S, description: 'x' })],
      [false, () => vault.updateSecret({ ...S, description: 'x' })],
      [true, () => vault.tagResource({ ...S, tags: numberedTags(1) })],
      [false, () => vault.tagResource({ ...S, tags: numberedTags(1) })],
      [true, () => vault.untagResource({ ...S, tagKeys: ['key0'] })],
      [false, () => vault.untagResource({ ...S, tagKeys: ['key0'] })],
      [true, () => vault.disableVersion({ ...S, versionId: 'v1' })],
      [false, () => vault.getSecretValue(S)],
      [false, () => vault.listSecrets()],
    ]
    let last = START_TIME
    for (const [isChange, call] of changes) {
      clock.advance(1_000)
      await call()
      if (isChange) last = clock.now()
      const { createTime, updateTime } = await vault.describeSecret(S)
      expect([createTime, updateTime]).toEqual([new Date(START_TIME), new Date(last)])
    }
  })
})

describe('updateSecret', () => {
  it('changes the description or the custom data, and nothing else', async () => {
    const { vault } = await newTestVault()
    const extendedConfig = { secretSubType: 'Password', customData: { a: '1', b: '2' } }
    await vault.createSecret({ ...S, secretData: 'x', description: 'old', extendedConfig })
    expect(await vault.updateSecret({ ...S, description: 'new' })).toEqual(S)
    expect(await vault.describeSecret(S)).toMatchObject({ description: 'new', extendedConfig })
    await vault.updateSecret({ ...S, customData: { c: '3' } })
    expect(await vault.describeSecret(S)).toMatchObject({
      description: 'new',
      extendedConfig: { secretSubType: 'Password', customData: { c: '3' } },
    })
    await vault.updateSecret({ ...S, description: '', customData: {} })
    const { description, extendedConfig: config } = await vault.describeSecret(S)
    expect([description, config?.customData]).toEqual(['', {}])
    expect((await vault.getSecretValue(S)).secretData).toBe('x')
  })

  it('keeps the bounds of description and custom data', async () => {
    const { vault } = await vaultWithSecret()
    await vault.updateSecret({ ...S, description: '€'.repeat(2048) })
    expect((await vault.describeSecret(S)).description).toHaveLength(2048)
    const pairs = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']))
    await vault.updateSecret({ ...S, customData: pairs(10) })
    // {"customData":{"k":"..."}} has 23 characters around the value.
    await vault.updateSecret({ ...S, customData: { k: 'v'.repeat(1024 - 23) } })
    const wrong = [
      { description: 'x'.repeat(2049) },
      { customData: pairs(11) },
      { customData: { k: 'v'.repeat(1024 - 22) } },
      {},
    ]
    for (const change of wrong) {
      await expectFailure(() => vault.updateSecret({ ...S, ...change }), 'INVALID_PARAMETER')
    }
  })

  it('takes __proto__ for a key like any other', async () => {
    const { vault } = await vaultWithSecret()
    const customData = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}') as never
    await vault.updateSecret({ ...S, customData })
    const { extendedConfig } = await vault.describeSecret(S)
    expect(JSON.stringify(extendedConfig?.customData)).toBe(JSON.stringify(customData))
    expect(({} as Record<string, unknown>)['p']).toBeUndefined()
  })
})

describe('tagResource and untagResource', () => {
  it('add, replace and remove', async () => {
    const { vault } = await vaultWithSecret()
    const tag = (tagKey: string, tagValue: string): { tagKey: string; tagValue: string } => ({
      tagKey,
      tagValue,
    })
    expect(await vault.tagResource({ ...S, tags: [tag('b', '1'), tag('a', '2')] })).toEqual(S)
    await vault.tagResource({ ...S, tags: [tag('b', '3'), tag('c', '4')] })
    expect((await vault.describeSecret(S)).tags).toEqual([
      tag('a', '2'),
      tag('b', '3'),
      tag('c', '4'),
    ])
    expect(await vault.untagResource({ ...S, tagKeys: ['b', 'absent'] })).toEqual(S)
    expect((await vault.describeSecret(S)).tags).toEqual([tag('a', '2'), tag('c', '4')])
  })

  it('at most 20 tags, judged on what would be', async () => {
    const { vault, dump } = await vaultWithSecret()
    await vault.tagResource({ ...S, tags: numberedTags(20) })
    const before = await dump()
    const one = { ...S, tags: numberedTags(1, 99) }
    await expectFailure(() => vault.tagResource(one), 'INVALID_PARAMETER')
    expect(await dump()).toEqual(before)
    await vault.tagResource({ ...S, tags: [{ tagKey: 'key7', tagValue: 'replaced' }] })
    await vault.untagResource({ ...S, tagKeys: ['key3'] })
    await vault.tagResource(one)
    expect((await vault.describeSecret(S)).tags).toHaveLength(20)
    await vault.untagResource({ ...S, tagKeys: numberedTags(20).map(({ tagKey }) => tagKey) })
    expect((await vault.describeSecret(S)).tags).toEqual(one.tags)
  })

  it('keys and values have a charset and a length', async () => {
    const { vault } = await vaultWithSecret()
    const legal = '/\\_-.+=:@azAZ09'
    const tags = [
      { tagKey: legal, tagValue: legal },
      { tagKey: 'k'.repeat(128), tagValue: 'v'.repeat(128) },
      { tagKey: '__proto__', tagValue: 'constructor' },
      { tagKey: 'Aliyun', tagValue: 'aliyun' },
      { tagKey: 'acs', tagValue: 'acs:' },
    ]
    await vault.tagResource({ ...S, tags })
    const stored = (await vault.describeSecret(S)).tags
    expect(stored).toHaveLength(5)
    expect(stored).toEqual(expect.arrayContaining(tags))
    const wrong = [
      ['', 'v'],
      ['k'.repeat(129), 'v'],
      ['k', 'v'.repeat(129)],
      ['a b', 'v'],
      ['k', 'a b'],
      ['aliyun', 'v'],
      ['aliyunX', 'v'],
      ['acs:', 'v'],
      ['acs:x', 'v'],
      ['é', 'v'],
      ['k', '\0'],
    ]
    for (const [tagKey = '', tagValue = ''] of wrong) {
      const request = { ...S, tags: [{ tagKey, tagValue }] }
      await expectFailure(() => vault.tagResource(request), 'INVALID_PARAMETER')
      const create = { secretName: 'T', secretData: 'x', tags: request.tags }
      await expectFailure(() => vault.createSecret(create), 'INVALID_PARAMETER')
    }
  })
})
