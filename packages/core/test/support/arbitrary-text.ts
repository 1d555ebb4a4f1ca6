import fc from 'fast-check'

/** Any sequence of UTF-16 units: ASCII, pairs and lone surrogates alike. */
export function anyText(maxLength = 20): fc.Arbitrary<string> {
  const unit = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
    { weight: 1, arbitrary: fc.integer({ min: 0xd7f0, max: 0xe00f }) },
  )
  return fc.array(unit, { maxLength }).map((units) => String.fromCharCode(...units))
}

/** Text that UTF-8 can hold, characters beyond the BMP among it. */
export function anyWellFormedText(maxLength = 20): fc.Arbitrary<string> {
  const point = fc.oneof(
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  return fc
    .array(point, { maxLength: Math.floor(maxLength / 2) })
    .map((points) => String.fromCodePoint(...points))
}
