/** What was measured in rounds, laid out for a person: middle, tail and mean, and their ratios. */
import type { ComparisonResult, SubjectResult, TailResult } from './measure.js'
import { QUANTITIES, type Quantity, type Ratio } from './statistics.js'
import { formatTime, threeDigits } from './table.js'

const NAME_COLUMNS = 54
const TIME_COLUMNS = 9
const RATIO_COLUMNS = 22

/** Fewer runs than this in a round have no 95th percentile worth the name. */
const TAIL_RUNS_MIN = 20

export function formatRoundsHeader(): string {
  const times = QUANTITIES.map((name) => name.padStart(TIME_COLUMNS)).join('')
  const ratios = QUANTITIES.map((name) => `first/this ${name}`.padStart(RATIO_COLUMNS)).join('')
  return `\n${' '.repeat(NAME_COLUMNS + 2)}${times}${ratios}  (quartiles of the rounds)`
}

export function formatRounds({ title, subjects }: ComparisonResult): string {
  return ['', title, ...subjects.map(formatSubject)].join('\n')
}

function formatSubject({ name, p50, note, tail }: SubjectResult): string {
  if (tail === undefined) throw new TypeError(`${name} was not measured in rounds`)
  const hasTail = tail.rounds.every(({ runs }) => runs >= TAIL_RUNS_MIN)
  const isShown = (quantity: Quantity): boolean => quantity !== 'p95' || hasTail
  const all = { p50, p95: tail.p95, mean: tail.mean }
  const times = QUANTITIES.map((quantity) =>
    (isShown(quantity) ? formatTime(all[quantity]) : '-').padStart(TIME_COLUMNS),
  )
  const ratios = QUANTITIES.map((quantity) => {
    const ratio = isShown(quantity) ? tail.firstToThis?.[quantity] : undefined
    return formatRatio(ratio).padStart(RATIO_COLUMNS)
  })
  const remarks = [...formatAims(tail, isShown), ...(note === undefined ? [] : [note])]
  const line = `  ${name.padEnd(NAME_COLUMNS)}${times.join('')}${ratios.join('')}`
  return `${line}${remarks.length === 0 ? '' : `  ${remarks.join(', ')}`}`.trimEnd()
}

function formatRatio(ratio: Ratio | undefined): string {
  if (ratio === undefined) return ''
  const { median, low, high } = ratio
  return `${threeDigits(median)} x (${threeDigits(low)}-${threeDigits(high)})`
}

function formatAims(
  { firstToThis, aims = {} }: TailResult,
  isShown: (quantity: Quantity) => boolean,
): string[] {
  return QUANTITIES.filter(isShown).flatMap((quantity) => {
    const [aim, ratio] = [aims[quantity], firstToThis?.[quantity]]
    if (aim === undefined || ratio === undefined) return []
    const outcome = ratio.median <= aim ? 'met' : 'missed'
    return [`aim ${quantity} ${threeDigits(aim)} x: ${outcome}`]
  })
}
