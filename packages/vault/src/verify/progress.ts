import type { Fields } from '@stagevault/core/request/request-fields'
import type { VerifyProgress } from '../api/requests.js'

/** Reports to the `onProgress` of a request how many records an operation has read. */
export interface Progress {
  /** Counts a record. Every 256 of them are reported. */
  record(): void
  /** Reports the sum. */
  end(): void
}

const RECORDS_BETWEEN_REPORTS = 256

/** @throws TypeError if `onProgress` is not a function */
export function progressOf(fields: Fields): Progress {
  const onProgress = fields.get('onProgress')
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError('onProgress must be a function')
  }
  const report = onProgress as ((progress: VerifyProgress) => void) | undefined
  let records = 0
  return {
    record: () => {
      records++
      if (records % RECORDS_BETWEEN_REPORTS === 0) report?.({ records })
    },
    end: () => report?.({ records }),
  }
}
