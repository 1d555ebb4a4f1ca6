import { afterAll, beforeAll, describe, it } from 'vitest'
import { bundleScripts } from '../driver/bundle.js'
import type { PageServer } from '../driver/page-server.js'
import { startPageServer } from '../driver/page-server.js'
import type { TestBrowser } from '../driver/test-browser.js'
import { startTestBrowser } from '../driver/test-browser.js'
import type { Engine, EngineName } from '../engines/engine.js'
import { findEngine } from '../engines/find-engines.js'

/** An engine while its tests run. Its functions may be called in tests and hooks, not earlier. */
export interface EngineContext {
  readonly engine: Engine
  readonly server: () => PageServer
  readonly browser: () => TestBrowser
  /** Starts another origin with the same scripts. The caller closes it. */
  readonly startServer: () => Promise<PageServer>
}

/**
 * The scripts of pages and workers, by the name to open them by: modules to bundle, or a function
 * that makes them once the tests run.
 */
export type EngineScripts =
  Readonly<Record<string, URL>> | (() => Promise<Readonly<Record<string, string>>>)

/**
 * Registers tests with a browser of an engine. If the engine is not installed, registers one
 * skipped test whose reason says how to install it and is reported once at the end of the run; with
 * `STAGEVAULT_ENGINES=all` that test fails.
 */
export async function describeEngine(
  name: EngineName,
  scripts: EngineScripts,
  register: (context: EngineContext) => void,
): Promise<void> {
  const found = await findEngine(name)
  describe(name, () => {
    if ('missing' in found) registerMissing(found.missing)
    else registerWith(found.engine, scripts, register)
  })
}

function registerMissing(how: string): void {
  it('is installed', ({ skip }) => {
    if (process.env['STAGEVAULT_ENGINES'] === 'all') throw new Error(how)
    skip(how)
  })
}

function registerWith(
  engine: Engine,
  scripts: EngineScripts,
  register: (context: EngineContext) => void,
): void {
  let bundles: Readonly<Record<string, string>> = {}
  let server: PageServer | null = null
  let browser: TestBrowser | null = null
  beforeAll(async () => {
    bundles = await (typeof scripts === 'function' ? scripts() : bundleScripts(scripts))
    server = await startPageServer(bundles)
    browser = await startTestBrowser(engine, server)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  register({
    engine,
    server: () => started(server),
    browser: () => started(browser),
    startServer: () => startPageServer(bundles),
  })
}

function started<T>(what: T | null): T {
  if (what === null) throw new Error('the browser is not running yet')
  return what
}
