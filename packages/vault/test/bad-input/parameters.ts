/** Every parameter of every operation, with what it must refuse. */

import { rawKey } from 'stagevault'
import { TEST_KEY } from '../support/test-vault.js'
import { ACCESS_OPERATIONS } from './access-parameters.js'
import {
  notFreeText,
  notIntegers,
  notLists,
  notNames,
  notNewNames,
  notOneOf,
  notPageTokens,
  notTagTexts,
} from './broken-rules.js'
import type { Operation, Request } from './parameter.js'
import {
  IDS,
  LABELS,
  NAMES,
  S,
  TAG,
  nested,
  pairParameters,
  plain,
  secretName,
  tagParameters,
  valueParameters,
} from './parameter.js'
import type { BadValue } from './wrong-types.js'
import {
  NOT_AN_ARRAY,
  NOT_AN_OBJECT,
  NOT_A_BOOLEAN,
  NOT_A_NUMBER,
  NOT_A_PLAIN_OBJECT,
  NOT_GIVEN,
  NOT_TEXT,
  hostileProxy,
} from './wrong-types.js'

const LIMITS = [
  ['secretValueBytesMax', notIntegers(1, 126_976)],
  ['versionsMax', notIntegers(2, 100)],
  ['stageLabelsMax', notIntegers(2, 64)],
  [
    'secretsMax',
    [-1, 1.5, NaN, Infinity, 2 ** 53].map((value): BadValue => ({
      what: `${value}`,
      value,
      refusal: 'INVALID_PARAMETER',
    })),
  ],
] as const

const CREATE = { secretName: 'T', secretData: 'value' }
const PUT = { ...S, secretData: 'value' }
const GET_JSON = { ...S, schema: schemaOf(1, (value: unknown) => ({ value })) }
const MOVE = { ...S, versionStage: 'blue', moveToVersion: 'v1' }
const TYPES = ['Generic', 'RAMCredentials', 'Rds', 'ECS', 'Redis', 'PolarDB']

function batchItem(item: Request): Request {
  return { secretsList: [S, { ...S, ...item }] }
}

const FILTER = { key: 'SecretName', values: ['S'] }
const FILTER_KEYS = ['SecretName', 'Description', 'TagKey', 'TagValue', 'SecretType']
const PASSWORD_FLAGS = [
  'excludeLowercase',
  'excludeUppercase',
  'excludeNumbers',
  'excludePunctuation',
  'requireEachIncludedType',
]

function onVersion(name: 'disableVersion' | 'enableVersion' | 'destroyVersion'): Operation {
  const good = { ...S, versionId: 'v1' }
  return { name, good, parameters: [secretName(good), plain(good, 'versionId', IDS, true)] }
}

function onSecret(name: 'describeSecret' | 'restoreSecret'): Operation {
  return { name, good: S, parameters: [secretName(S)] }
}

/** Unlocks that any value with the right methods may be; what takes any object takes none here. */
const NOT_AN_UNLOCK = [
  ...NOT_AN_OBJECT,
  { what: 'an object without methods', value: {}, refusal: 'TypeError' } as const,
]

function onSlots(name: 'addUnlockSlot' | 'replaceUnlockSlot'): Operation {
  const good = { unlock: rawKey(TEST_KEY), newUnlock: rawKey(new Uint8Array(32).fill(7)) }
  return {
    name,
    good,
    parameters: [
      plain(good, 'unlock', NOT_AN_UNLOCK, true),
      plain(good, 'newUnlock', NOT_AN_UNLOCK, true),
      plain(good, 'description', [...NOT_TEXT, ...notFreeText(128)]),
    ],
  }
}

const TABLE: readonly Operation[] = [
  {
    name: 'createSecret',
    good: CREATE,
    parameters: [
      plain(CREATE, 'secretName', [...NOT_TEXT, ...notNewNames()], true),
      ...valueParameters(CREATE),
      plain(CREATE, 'secretType', [...NOT_TEXT, ...notOneOf(TYPES)]),
      plain(CREATE, 'description', [...NOT_TEXT, ...notFreeText(2048)]),
      ...tagParameters(CREATE, 0),
      plain(CREATE, 'extendedConfig', NOT_AN_OBJECT),
      nested(
        CREATE,
        'extendedConfig.secretSubType',
        [...NOT_TEXT, ...notFreeText(1024)],
        (secretSubType) => ({ extendedConfig: { secretSubType } }),
      ),
      ...pairParameters(CREATE, 'extendedConfig.customData', (customData) => ({
        extendedConfig: { customData },
      })),
    ],
  },
  {
    name: 'putSecretValue',
    good: PUT,
    parameters: [
      secretName(PUT),
      ...valueParameters(PUT),
      plain(PUT, 'versionStages', [...NOT_AN_ARRAY, ...notLists('blue', 1, 64)]),
      nested(PUT, 'versionStages[]', [NOT_GIVEN, ...LABELS, ...notPut()], (label) => ({
        versionStages: ['green', label],
      })),
      plain(PUT, 'expectedCurrentVersionId', IDS),
    ],
  },
  {
    name: 'getSecretValue',
    good: S,
    parameters: [secretName(S), plain(S, 'versionId', IDS), plain(S, 'versionStage', LABELS)],
  },
  {
    name: 'getSecretJson',
    good: GET_JSON,
    parameters: [
      secretName(GET_JSON),
      plain(GET_JSON, 'versionId', IDS),
      plain(GET_JSON, 'versionStage', LABELS),
      plain(GET_JSON, 'schema', [...NOT_TEXT, ...notSchemas()], true),
    ],
  },
  {
    name: 'batchGetSecretValue',
    good: { secretsList: [S] },
    parameters: [
      plain({}, 'secretsList', [...NOT_AN_ARRAY, ...notLists(S, 1, 20)], true),
      nested({}, 'secretsList[]', [NOT_GIVEN, ...NOT_AN_OBJECT], (item) => ({
        secretsList: [S, item],
      })),
      nested({}, 'secretsList[].secretName', [NOT_GIVEN, ...NAMES], (value) =>
        batchItem({ secretName: value }),
      ),
      nested({}, 'secretsList[].versionId', IDS, (versionId) => batchItem({ versionId })),
      nested({}, 'secretsList[].versionStage', LABELS, (versionStage) =>
        batchItem({ versionStage }),
      ),
    ],
  },
  {
    name: 'updateSecret',
    good: { ...S, description: 'd' },
    parameters: [
      secretName({ ...S, description: 'd' }),
      plain(S, 'description', [...NOT_TEXT, ...notFreeText(2048)]),
      ...pairParameters(S, 'customData', (customData) => ({ customData })),
    ],
  },
  {
    name: 'updateSecretVersionStage',
    good: MOVE,
    parameters: [
      secretName(MOVE),
      plain(MOVE, 'versionStage', LABELS, true),
      plain(MOVE, 'moveToVersion', IDS),
      plain(MOVE, 'removeFromVersion', IDS),
    ],
  },
  onSecret('describeSecret'),
  {
    name: 'listSecrets',
    good: {},
    parameters: [
      plain({}, 'secretNamePrefix', [...NOT_TEXT, ...notNamePrefixes()]),
      plain({}, 'filters', [...NOT_AN_ARRAY, ...notLists(FILTER, 0, 10)]),
      nested({}, 'filters[]', [NOT_GIVEN, ...NOT_AN_OBJECT], (filter) => ({ filters: [filter] })),
      nested({}, 'filters[].key', [NOT_GIVEN, ...NOT_TEXT, ...notOneOf(FILTER_KEYS)], (key) => ({
        filters: [{ ...FILTER, key }],
      })),
      nested(
        {},
        'filters[].values',
        [NOT_GIVEN, ...NOT_AN_ARRAY, ...notLists('S', 1, 10)],
        (values) => ({ filters: [{ ...FILTER, values }] }),
      ),
      nested({}, 'filters[].values[]', [NOT_GIVEN, ...NOT_TEXT, ...notFilterTexts()], (value) => ({
        filters: [{ ...FILTER, values: ['S', value] }],
      })),
      plain({}, 'pageSize', [...NOT_A_NUMBER, ...notIntegers(1, 100)]),
      plain({}, 'nextToken', [...NOT_TEXT, ...notPageTokens()]),
      plain({}, 'includeErrors', NOT_A_BOOLEAN),
    ],
  },
  {
    name: 'listSecretVersionIds',
    good: S,
    parameters: [
      secretName(S),
      plain(S, 'includeDeprecated', NOT_A_BOOLEAN),
      plain(S, 'pageSize', [...NOT_A_NUMBER, ...notIntegers(1, 100)]),
      plain(S, 'nextToken', [...NOT_TEXT, ...notPageTokens()]),
    ],
  },
  {
    name: 'deleteSecret',
    good: S,
    parameters: [
      secretName(S),
      plain(S, 'recoveryWindowInDays', [...NOT_A_NUMBER, ...notIntegers(7, 30)]),
      plain(S, 'forceDeleteWithoutRecovery', NOT_A_BOOLEAN),
    ],
  },
  onSecret('restoreSecret'),
  {
    name: 'tagResource',
    good: { ...S, tags: [TAG] },
    parameters: [secretName({ ...S, tags: [TAG] }), ...tagParameters(S, 1)],
  },
  {
    name: 'untagResource',
    good: { ...S, tagKeys: ['k'] },
    parameters: [
      secretName({ ...S, tagKeys: ['k'] }),
      plain(S, 'tagKeys', [...NOT_AN_ARRAY, ...notLists('k', 1, 20)], true),
      nested(S, 'tagKeys[]', [NOT_GIVEN, ...NOT_TEXT, ...notTagTexts(true)], (key) => ({
        tagKeys: ['k', key],
      })),
    ],
  },
  onVersion('disableVersion'),
  onVersion('enableVersion'),
  onVersion('destroyVersion'),
  {
    name: 'renameSecret',
    good: { ...S, newSecretName: 'T' },
    parameters: [
      secretName({ ...S, newSecretName: 'T' }),
      plain(S, 'newSecretName', [...NOT_TEXT, ...notNewNames()], true),
    ],
  },
  {
    name: 'getRandomPassword',
    good: {},
    parameters: [
      plain({}, 'passwordLength', [...NOT_A_NUMBER, ...notIntegers(8, 128)]),
      plain({}, 'excludeCharacters', [...NOT_TEXT, ...notFreeText(256)]),
      ...PASSWORD_FLAGS.map((flag) => plain({}, flag, NOT_A_BOOLEAN)),
    ],
  },
  onSlots('addUnlockSlot'),
  onSlots('replaceUnlockSlot'),
  {
    name: 'updateVaultSettings',
    good: { limits: { secretsMax: 5 } },
    parameters: [
      plain({}, 'limits', NOT_AN_OBJECT),
      ...LIMITS.map(([name, bad]) =>
        nested({}, `limits.${name}`, [...NOT_A_NUMBER, ...bad], (value) => ({
          limits: { versionsMax: 5, [name]: value },
        })),
      ),
      nested(
        {},
        'limits.unknown',
        NOT_TEXT.map((each) => ({
          ...each,
          refusal: 'INVALID_PARAMETER',
        })),
        (unknown) => ({ limits: { unknown } }),
      ),
    ],
  },
  {
    name: 'verify',
    good: {},
    parameters: [
      plain(
        {},
        'onProgress',
        NOT_TEXT.filter(({ value }) => typeof value !== 'function'),
      ),
    ],
  },
]

/** What draws a password waits for nothing. */
export const OPERATIONS: readonly Operation[] = [...TABLE, ...ACCESS_OPERATIONS].map((each) => {
  const { name, good, parameters } = each
  if (name === 'getRandomPassword') return each
  const bad = [...NOT_AN_OBJECT, ...NOT_A_PLAIN_OBJECT, ...fakeSignals()]
  return { name, good, parameters: [...parameters, plain(good, 'signal', bad)] }
})

function notPut(): BadValue[] {
  return ['green', 'ACSPrevious', 'ACSPending'].map((value) => ({
    what: `the label ${value}`,
    value,
    refusal: 'INVALID_PARAMETER',
  }))
}

function notNamePrefixes(): BadValue[] {
  return notNames(192).filter(({ value }) => value !== '')
}

function schemaOf(version: unknown, validate: unknown): object {
  return { '~standard': { version, vendor: 'test', validate } }
}

function notSchemas(): BadValue[] {
  const validate = (value: unknown) => ({ value })
  const schemas: [what: string, schema: object][] = [
    ['without a version', schemaOf(undefined, validate)],
    ['of a later version', schemaOf(2, validate)],
    ['with a version that is text', schemaOf('1', validate)],
    ['without validate', schemaOf(1, undefined)],
    ['with a validate that is an object', schemaOf(1, {})],
    ['whose properties are a proxy', { '~standard': hostileProxy() }],
  ]
  return schemas.map(([what, value]) => ({ what: `a schema ${what}`, value, refusal: 'TypeError' }))
}

function notFilterTexts(): BadValue[] {
  const long = 'x'.repeat(2049)
  return [{ what: '2,049 characters', value: long, refusal: 'INVALID_PARAMETER' }]
}

function fakeSignals(): BadValue[] {
  const throwing = Object.defineProperty({}, 'throwIfAborted', {
    get: () => {
      throw new Error('canary 7f3a')
    },
  })
  return [
    { what: 'an object', value: {}, refusal: 'TypeError' },
    { what: 'a controller', value: new AbortController(), refusal: 'TypeError' },
    { what: 'a signal that is none', value: { throwIfAborted: true }, refusal: 'TypeError' },
    {
      what: 'a signal that cannot be listened to',
      value: { aborted: false, throwIfAborted: () => undefined },
      refusal: 'TypeError',
    },
    { what: 'an event target', value: new EventTarget(), refusal: 'TypeError' },
    { what: 'a signal with a getter that throws', value: throwing, refusal: 'TypeError' },
  ]
}
