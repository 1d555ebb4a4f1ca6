import { describe, expect, it } from 'vitest'
import type { SecretVersion } from 'stagevault'
import { alignColumns, createReport, wantsColour } from '@stagevault/quickstart/report'
import { drawVersions } from '@stagevault/quickstart/version-picture'

const plain = (_emphasis: string, text: string): string => text

function version(versionId: string, ...versionStages: string[]): SecretVersion {
  return { versionId, versionStages, createTime: new Date(0), versionStatus: 'Enabled' }
}

describe('colours', () => {
  const terminal = { write: () => true, isTTY: true }

  it.each([
    ['a terminal', terminal, {}, true],
    ['a pipe', { write: () => true }, {}, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
  ])('with %s', (_case, output, env, expected) => {
    expect(wantsColour(output, env)).toBe(expected)
  })

  it('are in the output only where they are wanted', () => {
    const print = (hasColour: boolean): string => {
      let output = ''
      const report = createReport(
        {
          write: (text) => {
            output += text
          },
        },
        hasColour,
      )
      report.section('section')
      report.check('holds', true)
      return output
    }
    expect(print(false)).toBe('\nsection\n\n  ✓ holds\n')
    expect(print(true)).toBe('\n\u001B[1msection\u001B[0m\n\n  \u001B[32m✓\u001B[0m holds\n')
  })
})

describe('layout', () => {
  it('columns are as wide as their widest cell, and lines end with text', () => {
    expect(
      alignColumns([
        ['a', 'bb', 'c'],
        ['aaa', '', 'cc'],
        ['a', ''],
      ]),
    ).toEqual(['a     bb   c', 'aaa        cc', 'a'])
  })

  it('versions stand side by side, their labels below', () => {
    const versions = [
      version('v1', 'ACSPrevious', 'blue'),
      version('v2'),
      version('v3', 'ACSCurrent'),
    ]
    expect(drawVersions(versions, 80, plain)).toEqual([
      'v1 ────────  v2 ─  v3 ───────',
      'ACSPrevious  ·     ACSCurrent',
      'blue',
    ])
  })

  it('versions that do not fit begin another row', () => {
    const versions = ['v1', 'v2', 'v3', 'v4'].map((id) => version(id))
    expect(drawVersions(versions, 16, plain)).toEqual([
      'v1 ─  v2 ─  v3 ─',
      '·     ·     ·',
      '',
      'v4 ─',
      '·',
    ])
    expect(drawVersions(versions, 3, plain)).toHaveLength(11)
  })

  it('what failed is counted and cannot be overlooked', () => {
    let output = ''
    const report = createReport(
      {
        write: (text) => {
          output += text
        },
      },
      false,
    )
    report.check('this', true)
    report.check('that', false)
    expect(report.totals()).toEqual({ held: 1, failed: 1 })
    expect(output).toContain('✗ FAILED: that')
  })
})
