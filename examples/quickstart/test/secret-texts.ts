/** Secrets of several lines, and the lines that stand round them in a file. */
import fc from 'fast-check'

const PIECE_CHARS = 8
const BASE64_WIDTHS = [16, 64, 70, 76] as const

const base64 = fc
  .tuple(fc.uint8Array({ minLength: 12, maxLength: 160 }), fc.constantFrom(...BASE64_WIDTHS))
  .map(([bytes, width]) => {
    const text = Buffer.from(bytes).toString('base64')
    return (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n')
  })

/** Lines of letters that may end in `=`, as Base64 without `+` and `/` does. */
const letters = fc
  .array(fc.stringMatching(/^[A-Za-z]{8,20}={0,2}$/), { minLength: 1, maxLength: 4 })
  .map((lines) => lines.join('\n'))

const armoured = fc
  .tuple(
    fc.oneof(base64, letters),
    fc.constantFrom('-----', '---- ', '--'),
    fc.constantFrom('PRIVATE KEY', 'PGP MESSAGE', 'CERTIFICATE', 'SSH2 ENCRYPTED KEY'),
    fc.constantFrom('', 'Proc-Type: 4,ENCRYPTED\n\n', 'Version: 1\n\n', 'Comment: "a=b"\n'),
  )
  .map(([body, dashes, label, header]) => {
    const close = dashes.endsWith(' ') ? ` ${dashes.trim()}` : dashes
    return `${dashes}BEGIN ${label}${close}\n${header}${body}\n${dashes}END ${label}${close}`
  })

const assignments = fc
  .array(fc.stringMatching(/^[A-Z][A-Z_]{8,12}=[a-z0-9]{8,16}$/), { minLength: 2, maxLength: 4 })
  .map((lines) => `begins\n${lines.join('\n')}\nends`)

export const opaque = fc.oneof(base64, letters, armoured)
export const any = fc.oneof(opaque, assignments)
export const lineEnd = fc.constantFrom('\n', '\r\n')
export const head = fc.constantFrom('', '\uFEFF', 'A=1\n', '# a comment\nexport A="1"\n')
export const tail = fc.constantFrom('', '\n', '\nPORT=3000\n', '\n\nB="x"\nC=\'y\'\n', '\n# end\n')

/** Pieces of the text that are as long as can be no accident. */
export function piecesOf(text: string): string[] {
  // What is not secret about a key: its marks and headers.
  const lines = text.split('\n').filter((line) => !/--|^(?:Proc-Type|Version|Comment):/.test(line))
  return lines.flatMap((line) =>
    Array.from({ length: Math.max(0, line.length - PIECE_CHARS + 1) }, (_, i) =>
      line.slice(i, i + PIECE_CHARS),
    ),
  )
}
