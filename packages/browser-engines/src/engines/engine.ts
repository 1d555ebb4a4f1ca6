/** A tab of a browser. */
export interface Tab {
  /** Closes it as a person would, without asking the page. */
  close(): Promise<void>
}

/** A browser that was started for a test. */
export interface Browser {
  openTab(address: string): Promise<Tab>
  /** Ends it as a crash would, and leaves its profile as it is then. */
  kill(): Promise<void>
  /** Ends it, and everything that it started. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /**
   * A folder that keeps what the browser stores, also when it is killed; by default a new one that
   * is removed. WebKit's automated browser has none.
   */
  readonly profile?: string
  /** The colours that a person has chosen for everything; light by default. */
  readonly scheme?: 'light' | 'dark'
  /** How much pages may store; Firefox alone can be told. */
  readonly storageKilobytes?: number
}

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** An engine that is installed here. */
export interface Engine {
  readonly name: EngineName
  launch(options?: LaunchOptions): Promise<Browser>
}
