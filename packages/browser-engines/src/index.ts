/** What runs in Node: browsers, the pages for them, and the wire between the two. */

export { findEngine } from './engines/find-engines.js'
export type { FoundEngine } from './engines/find-engines.js'
export type { Browser, Engine, EngineName, LaunchOptions, Tab } from './engines/engine.js'
export { withProfile } from './engines/profile.js'
export { puppeteerPage } from './engines/puppeteer-browser.js'
export { bundleScript, bundleScripts } from './driver/bundle.js'
export { startPageServer } from './driver/page-server.js'
export type { PageServer } from './driver/page-server.js'
export type { RemoteClient } from './driver/remote-client.js'
export { startTestBrowser } from './driver/test-browser.js'
export type { TestBrowser, TestPage, TestWorker } from './driver/test-browser.js'
