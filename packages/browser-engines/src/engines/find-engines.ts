import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from './chromium.js'
import type { Engine, EngineName } from './engine.js'
import { firefox } from './firefox.js'
import { findPackagedChromium } from './packaged-chromium.js'
import { webkit } from './webkit.js'

/** An engine of this machine, or instructions to install it. */
export type FoundEngine = { readonly engine: Engine } | { readonly missing: string }

const HOW_TO_GET: Readonly<Record<EngineName, string>> = {
  chromium:
    'install Chromium or Chrome (Debian: apt-get install chromium), or name its binary ' +
    'in STAGEVAULT_CHROMIUM',
  firefox:
    'install Firefox (Debian: apt-get install firefox-esr), or name its binary in ' +
    'STAGEVAULT_FIREFOX',
  webkit:
    'on Linux install WebKitGTK and its driver (Debian: apt-get install webkit2gtk-driver ' +
    'xvfb), or name the driver in STAGEVAULT_WEBKIT_DRIVER',
}

/** Searches the path in the environment variable first, then the usual places. */
export async function findEngine(name: EngineName): Promise<FoundEngine> {
  const engine = await FINDERS[name]()
  return engine === null ? { missing: `${name} is not tested: ${HOW_TO_GET[name]}` } : { engine }
}

const FINDERS: Readonly<Record<EngineName, () => Engine | null | Promise<Engine | null>>> = {
  chromium: findChromium,
  firefox: findFirefox,
  webkit: findWebkit,
}

async function findChromium(): Promise<Engine | null> {
  const path =
    named('STAGEVAULT_CHROMIUM') ??
    onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ??
    firstThere(
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      ...underPrograms('Google', 'Chrome', 'Application', 'chrome.exe'),
    )
  if (path !== null) return chromium(path)
  const packaged = await findPackagedChromium()
  // The package does not include the program that creates its sandbox.
  return packaged === null ? null : chromium(packaged, ['--no-sandbox'])
}

function findFirefox(): Engine | null {
  const path =
    named('STAGEVAULT_FIREFOX') ??
    onPath('firefox', 'firefox-esr') ??
    firstThere(
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      ...underPrograms('Mozilla Firefox', 'firefox.exe'),
    )
  return path === null ? null : firefox(path)
}

/** Finds the driver, its browser, and an X server if there is no display. */
function findWebkit(): Engine | null {
  const driver = named('STAGEVAULT_WEBKIT_DRIVER') ?? onPath('WebKitWebDriver')
  const browser = named('STAGEVAULT_WEBKIT') ?? findMiniBrowser()
  if (driver === null || browser === null) return null
  if (process.env['DISPLAY'] !== undefined) return webkit({ driver, browser, xvfb: null })
  const xvfb = onPath('Xvfb')
  return xvfb === null ? null : webkit({ driver, browser, xvfb })
}

/**
 * The folder contains the version in its name and, in Debian, is below one for the architecture.
 */
function findMiniBrowser(): string | null {
  const libraries = ['/usr/libexec', '/usr/lib', '/usr/lib64', ...foldersIn('/usr/lib')]
  return firstThere(
    ...libraries.flatMap((folder) =>
      foldersIn(folder)
        .filter((path) => /\/webkit(2?gtk)-[\d.]+$/.test(path))
        .map((path) => join(path, 'MiniBrowser')),
    ),
  )
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
}

/** The path in a variable must exist: a typing error must not look like a missing engine. */
function named(variable: string): string | null {
  const path = process.env[variable]
  if (path === undefined || path === '') return null
  if (!existsSync(path)) throw new Error(`${variable} names ${path}, which does not exist`)
  return path
}

function onPath(...names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(process.platform === 'win32' ? ';' : ':')
  return firstThere(...names.flatMap((name) => folders.map((folder) => join(folder, name))))
}

function underPrograms(...path: readonly string[]): string[] {
  return [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)']].flatMap((folder) =>
    folder === undefined ? [] : [join(folder, ...path)],
  )
}

function firstThere(...paths: readonly string[]): string | null {
  return paths.find((path) => existsSync(path)) ?? null
}
