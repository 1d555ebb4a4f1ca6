/** Results laid out for a person. */
import type { Fact } from './suite.js'
import type { Machine } from './machine.js'
import type { ComparisonResult, SubjectResult } from './measure.js'
import type { Ratio } from './statistics.js'

const NO_DISK = 'This file system is memory: durable puts cost nothing here.'
const NAME_COLUMNS = 46
const TIME_COLUMNS = 10
const RATIO_COLUMNS = 12
const QUARTILE_COLUMNS = 18
const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
] as const

/** A time in nanoseconds with three digits and its unit. */
export function formatTime(nanoseconds: number): string {
  const [unit, size] = UNITS.find((each) => nanoseconds >= each[1]) ?? ['ns', 1]
  return `${threeDigits(nanoseconds / size)} ${unit}`
}

/** Three digits that count, without an exponent. */
export function threeDigits(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2)
}

export function formatMachine(machine: Machine): string {
  const { cpu, cores, memoryBytes, system, filesystem, load } = machine
  const memory = `${threeDigits(memoryBytes / 2 ** 30)} GB`
  const packages = Object.entries(machine.packages)
    .map((each) => each.join(' '))
    .join(', ')
  return [
    `${cpu}, ${cores} cores, ${memory}, ${system}, ${filesystem}, load ${threeDigits(load)}`,
    `Node ${machine.node}, OpenSSL ${machine.openssl}, commit ${machine.commit ?? 'none'}`,
    packages,
    ...(filesystem === 'tmpfs' ? [NO_DISK] : []),
    '',
  ].join('\n')
}

export function formatHeader(): string {
  const times = ['p50', 'best'].map((name) => name.padStart(TIME_COLUMNS)).join('')
  const ratio = 'first/this'.padStart(RATIO_COLUMNS)
  return `${' '.repeat(NAME_COLUMNS + 2)}${times}${ratio}  (quartiles)`
}

export function formatComparison({ title, subjects }: ComparisonResult): string {
  return ['', title, ...subjects.map(formatSubject)].join('\n')
}

function formatSubject({ name, p50, best, firstToThis, aim, note }: SubjectResult): string {
  const times = [p50, best].map((time) => formatTime(time).padStart(TIME_COLUMNS)).join('')
  const remarks = note === undefined ? [] : [note]
  if (firstToThis !== undefined && aim !== undefined) {
    const outcome = firstToThis.median <= aim ? 'met' : 'missed'
    remarks.unshift(`aim ${threeDigits(aim)} x: ${outcome}`)
  }
  const line = `  ${name.padEnd(NAME_COLUMNS)}${times}${formatRatio(firstToThis)}`
  return `${line}${remarks.join(', ')}`.trimEnd()
}

function formatRatio(ratio: Ratio | undefined): string {
  if (ratio === undefined) return ' '.repeat(RATIO_COLUMNS + QUARTILE_COLUMNS)
  const { median, low, high } = ratio
  const middle = `${threeDigits(median)} x`.padStart(RATIO_COLUMNS)
  return `${middle}${`  (${threeDigits(low)} to ${threeDigits(high)})`.padEnd(QUARTILE_COLUMNS)}`
}

export function formatFact({ title, value, unit }: Fact): string {
  const columns = NAME_COLUMNS + 2 * TIME_COLUMNS
  return `  ${title.padEnd(columns)}${threeDigits(value).padStart(TIME_COLUMNS)} ${unit}`
}
