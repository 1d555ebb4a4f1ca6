import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EnvFile } from './env-file.js'
import { parseEnvFile } from './env-file.js'
import { UsageError } from './usage.js'

/** What is used where no file is named: made up, and worth nothing to anyone. */
export const SAMPLE_PATH: string = fileURLToPath(new URL('../sample.env', import.meta.url))

/** A person writes these files; anything larger was named by mistake. */
const FILE_BYTES_MAX = 1_048_576

/**
 * Reads a credentials file, also from a pipe such as `/dev/stdin`.
 *
 * @throws {@link UsageError} where there is nothing that could be one.
 */
export async function readCredentialsFile(path: string): Promise<EnvFile> {
  const bytes = await readBounded(path)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError(`${path} is not UTF-8 text; save it as UTF-8 and try again`)
  } finally {
    bytes.fill(0)
  }
  return parseEnvFile(text)
}

async function readBounded(path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let byteCount = 0
  try {
    for await (const chunk of createReadStream(path)) {
      chunks.push(chunk as Buffer)
      byteCount += (chunk as Buffer).length
      if (byteCount > FILE_BYTES_MAX) break
    }
  } catch (error) {
    throw new UsageError(`cannot read ${path} (${codeOf(error)})`)
  }
  if (byteCount > FILE_BYTES_MAX) {
    throw new UsageError(`${path} has more than ${FILE_BYTES_MAX} bytes: not a credentials file`)
  }
  return Buffer.concat(chunks)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}
