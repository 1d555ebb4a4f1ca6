import { describe, it } from 'vitest'
import { storageConformance } from '@stagevault/storage/conformance'
import { levelSubject } from './level-subject.js'

describe('strict, failed batches are not made', () => {
  storageConformance({ describe, it, factory: () => levelSubject('strict', 'not made') })
})

describe('relaxed, failed batches are made', () => {
  storageConformance({ describe, it, factory: () => levelSubject('relaxed', 'made') })
})
