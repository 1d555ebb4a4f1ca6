import { serveCalls } from '@stagevault/browser-engines/page'

export interface TryOrder {
  /** The script that a bundle begins with. */
  readonly script: string
  readonly location: string
  readonly cipher: 'chacha20-poly1305' | 'aes-256-gcm'
}

type TryVault = (location: string) => Promise<unknown>

/** Runs a bundle as a page does that has it in a script element. */
serveCalls({
  tryVault: async ({ script, location, cipher }: TryOrder) => {
    await import(`/scripts/${script}.js`)
    Reflect.set(globalThis, 'cipher', cipher)
    const tryVault = Reflect.get(globalThis, 'tryVault') as TryVault
    return tryVault(location)
  },
})
