import { describe, expect, it } from 'vitest'
import { parseSource } from './source-files.js'
import {
  findBannedPhrases,
  findEmptyNames,
  findMachineTraces,
  findMarkers,
  findSpelledLabels,
  isHeldToPhrases,
} from './wording.js'

const SOURCE = 'packages/core/src/a.ts'

describe('names', () => {
  it.each([
    'class KeyManager {}',
    'const testHelpers = []',
    'function util() {}',
    'let data2 = 1',
    'function handleError() {}',
    'const handle = () => {}',
    'interface A { handlePut: () => void }',
    'type StringUtils = string',
    'const URL_HELPER = 1',
    'function a(helper: string) {}',
  ])('%s says nothing', (text) => {
    expect(findEmptyNames([parseSource(SOURCE, text)])).toHaveLength(1)
  })

  it.each([
    "import { inspect } from 'node:util'",
    "import util from 'node:util'",
    'const handle = open()',
    'const handleCount = 2',
    'const utility2 = 0',
    'const data = 1',
    'const manage = 1',
    'pool.handleTask()',
  ])('%s is no such name', (text) => {
    expect(findEmptyNames([parseSource(SOURCE, text)])).toEqual([])
  })

  it('of files count as well', () => {
    expect(findEmptyNames([parseSource('packages/core/test/test-utils.ts', '')])).toHaveLength(1)
  })
})

describe('markers', () => {
  it.each([
    ['// TO', 'DO later'],
    ['/* FIX', 'ME */'],
    ['// @ts-', 'ignore'],
    ['// eslint-', 'disable'],
    ['/* eslint-', 'disable-next-line max-len */'],
    ['it', '.only("a", b)'],
    ['describe', '.skip("a", b)'],
    ['test.concurrent', '.todo("a")'],
    ['it', '.skip.each(a)'],
  ])('%s%s is seen', (...parts) => {
    expect(findMarkers([{ path: SOURCE, text: parts.join('') }])).toHaveLength(1)
  })

  it.each(['it.skipIf(absent)("a", b)', 'context.skip()', 'queue.only(1)', 'autoTO' + 'DOc'])(
    '%s is none',
    (text) => {
      expect(findMarkers([{ path: SOURCE, text }])).toEqual([])
    },
  )
})

describe('built-in stage labels', () => {
  it.each([
    "const label = 'ACSCurrent'",
    'const label = `ACSPrevious`',
    'const a = `of ACSPending ${b}`',
    'const a = { ACSCurrent: 1 }',
    "type Label = 'ACSPending'",
    'const a = `${b} and ACSCurrent`',
  ])('%s spells one out', (text) => {
    expect(findSpelledLabels([parseSource('packages/vault/src/a.ts', text)])).toHaveLength(1)
  })

  it('may stand in names.ts, in comments and in tests', () => {
    const text = "const label = 'ACSCurrent'"
    expect(
      findSpelledLabels([
        parseSource('packages/core/src/names.ts', text),
        parseSource('packages/core/test/names.test.ts', text),
        parseSource('packages/vault/src/a.ts', '/** Moves `ACSCurrent`. */\n// ACSPrevious'),
      ]),
    ).toEqual([])
  })
})

describe('traces of a machine', () => {
  it.each([
    [['', 'home', 'someone', 'vault']],
    [['', 'Users', 'someone']],
    [['see ', 'root', '.npmrc']],
    [['"', 'work', 'project"']],
  ])('%j is a path of one machine', (parts) => {
    expect(findMachineTraces([{ path: 'docs/a.md', text: parts.join('/') }])).toHaveLength(1)
  })

  it.each([
    [['https://registry', 'npmjs', 'org/level']],
    [['tarball: registry', 'example', 'com']],
  ])('%j is a registry', (parts) => {
    expect(findMachineTraces([{ path: 'a.yaml', text: parts.join('.') }])).toHaveLength(1)
  })

  it.each(['../shared/works/a', '/var/lib/app/vault', './home/vault', 'teamwork/a', '~/works/a'])(
    '%s is neither',
    (text) => {
      expect(findMachineTraces([{ path: 'docs/a.md', text }])).toEqual([])
    },
  )
})

describe('phrases', () => {
  function found(text: string): string[] {
    return findBannedPhrases([{ path: 'docs/a.md', text }])
  }

  it.each([
    ['Whoever opens it closes it.', 'Whoever'],
    ['a page for who hopes', 'for who'],
    ['a page for\nwho hopes', 'for who'],
    ['/**\n * a page for\n * who hopes */', 'for who', 2],
    ['// a page for\n  // who hopes', 'for who'],
    ['of somebody else', 'somebody'],
    ["and nobody's speed", "nobody's"],
    ['Everybody can read it.', 'Everybody'],
    ['whatever it names', 'whatever'],
    ['It repeats what was given.', 'what was given'],
    ['decided anew', 'anew'],
    ['beside the head', 'beside'],
    ['Repeat it as well.', 'as well'],
    ['missing for good', 'for good'],
    ['It opens all the same.', 'all the same'],
    ['waits in vain', 'in vain'],
    ['be it one or two', 'be it'],
    ['with it mended', 'mended'],
    ['based upon it', 'upon'],
    ['lest it fail', 'lest'],
    ['a part thereof', 'thereof'],
    ['unchanged hitherto', 'hitherto'],
    ['It knows no time.', 'knows no'],
    ['what the store gives', 'store gives'],
    ['bound by AAD', 'AAD'],
    ['as additional\n  data', 'additional data'],
    ['if the guessed version is another', 'guessed version'],
    ['the master key', 'master key'],
  ])('%j is refused', (text, phrase, line = 1) => {
    expect(found(text)).toEqual([
      expect.stringContaining(`docs/a.md:${line} says "${phrase}"; write: `),
    ])
  })

  it.each([
    'for whom it is meant',
    'besides',
    'alongside it',
    'fast as well as small',
    'deleted for good',
    'for goodness',
    'recommended, amended, commends',
    'whereupon',
    'setAAD',
    'const aad = data',
    'That would be it.',
    'the latest',
    'He knows now.',
    'maybe it is',
    'a guessed value',
  ])('%j is not', (text) => {
    expect(found(text)).toEqual([])
  })

  it('are placed by their lines', () => {
    expect(found('One.\nTwo anew.\nThree upon it.')).toEqual([
      expect.stringContaining('docs/a.md:2 '),
      expect.stringContaining('docs/a.md:3 '),
    ])
  })

  it.each([
    'README.md',
    'docs/design/a.md',
    'bench/README.md',
    'packages/storage/CHANGELOG.md',
    'examples/quickstart/README.md',
    'packages/core/src/a.ts',
    'packages/core/test/a.test.ts',
    'examples/a/vite.config.js',
    'examples/browser-vault/index.html',
    'package.json',
    'packages/core/package.json',
    '.config/a.mjs',
  ])('are looked for in %s', (path) => {
    expect(isHeldToPhrases({ path, text: '' })).toBe(true)
  })

  it.each(['docs/glossary.md', 'docs/tools/envelope-faults.ts', '.config/test/wording.ts'])(
    'are not looked for in %s, which quotes them',
    (path) => {
      expect(isHeldToPhrases({ path, text: '' })).toBe(false)
    },
  )
})
