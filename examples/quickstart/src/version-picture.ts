/** The versions of a secret side by side, each with its labels below it. */

import type { SecretVersion } from 'stagevault'
import type { Paint } from './report.js'

const GAP = '  '
/** Stands where a version has no label: the next to be evicted are among these. */
const NO_LABEL = '·'
const CURRENT = 'ACSCurrent'

/**
 * Lines of at most `width` columns, as far as single versions allow:
 *
 *     v1 ────────  v2 ───────
 *     ACSPrevious  ACSCurrent
 *     blue
 */
export function drawVersions(
  versions: readonly SecretVersion[],
  width: number,
  paint: Paint,
): string[] {
  const lines: string[] = []
  let row: SecretVersion[] = []
  for (const version of versions) {
    if (row.length > 0 && rowWidth([...row, version]) > width) {
      lines.push(...drawRow(row, paint), '')
      row = []
    }
    row.push(version)
  }
  return [...lines, ...drawRow(row, paint)]
}

function rowWidth(row: readonly SecretVersion[]): number {
  return row.reduce((sum, version) => sum + columnWidth(version) + GAP.length, -GAP.length)
}

function columnWidth({ versionId, versionStages }: SecretVersion): number {
  return Math.max(versionId.length + 2, ...versionStages.map((label) => label.length))
}

function drawRow(row: readonly SecretVersion[], paint: Paint): string[] {
  const height = Math.max(1, ...row.map(({ versionStages }) => versionStages.length))
  const heads = row.map((version) => {
    const rule = '─'.repeat(columnWidth(version) - version.versionId.length - 1)
    return `${paint('strong', version.versionId)} ${paint('faint', rule)}`
  })
  const labels = Array.from({ length: height }, (_, i) =>
    row.map((version) => {
      const label = version.versionStages[i] ?? (i === 0 ? NO_LABEL : '')
      // Padded first: colour codes take no columns.
      const cell = label.padEnd(columnWidth(version))
      return label === CURRENT ? paint('good', cell) : cell
    }),
  )
  return [heads, ...labels].map((cells) => cells.join(GAP).trimEnd())
}
