/** A tab of a browser. */
export interface Tab {
  /** Closes the tab as a user would, without asking the page. */
  close(): Promise<void>
}

/** A browser that was started for a test. */
export interface Browser {
  openTab(address: string): Promise<Tab>
  /** Ends the browser as a crash would; its profile stays as it is at that moment. */
  kill(): Promise<void>
  /** Ends the browser and everything that it started. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /**
   * A folder that keeps the browser's data, even if the browser is killed; by default a new one
   * that is removed. WebKit's automated browser has no profile.
   */
  readonly profile?: string
  /** The user's preferred colour scheme; light by default. */
  readonly scheme?: 'light' | 'dark'
  /** The storage quota of pages; only Firefox has this setting. */
  readonly storageKilobytes?: number
}

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** An engine that is installed on this machine. */
export interface Engine {
  readonly name: EngineName
  launch(options?: LaunchOptions): Promise<Browser>
}
