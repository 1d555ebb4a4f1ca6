/** The layout of a database. It changes only with the storage contract itself. */
export const LAYOUT_VERSION = 1

/** The one object store: records by storage key, which IndexedDB orders by code unit as well. */
export const RECORDS = 'records'

/** No storage key: those are strings, and no range of strings comes upon a number. */
export const IDENTITY_KEY = 0
