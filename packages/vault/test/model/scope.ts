/** The scope in ARNs: histories create their vaults with it. */
export const REGION = 'local'
export const ACCOUNT_ID = 'model'
