import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import type { RunningProgram } from './child-process.js'
import { startProgram } from './child-process.js'
import type { Browser, Engine, LaunchOptions } from './engine.js'
import { startSession } from './webdriver.js'
import { webdriverTab } from './webdriver-page.js'

export interface WebkitPrograms {
  /** WebKitWebDriver. */
  readonly driver: string
  /** MiniBrowser. */
  readonly browser: string
  /** An X server without a screen, or `null` if there is a display. */
  readonly xvfb: string | null
}

/** WebKitGTK. Its automated browser keeps the data of pages only while it runs. */
export function webkit(programs: WebkitPrograms): Engine {
  return { name: 'webkit', launch: (options) => launch(programs, options) }
}

async function launch(
  { driver, browser, xvfb }: WebkitPrograms,
  { scheme = 'light' }: LaunchOptions = {},
): Promise<Browser> {
  const programs: RunningProgram[] = []
  async function endAll(): Promise<void> {
    for (const program of programs.reverse()) await program.end()
  }
  try {
    const theme = scheme === 'dark' ? 'Adwaita:dark' : 'Adwaita'
    const env: NodeJS.ProcessEnv = { ...process.env, GTK_THEME: theme }
    if (xvfb !== null) {
      const display = startProgram(xvfb, ['-displayfd', '3', '-nolisten', 'tcp'], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      })
      programs.push(display)
      env['DISPLAY'] = `:${await readLine(display.child.stdio[3] as Readable)}`
    }
    const port = await freePort()
    programs.push(
      startProgram(driver, [`--port=${port}`, '--host=127.0.0.1'], {
        env,
        stdio: 'ignore',
      }),
    )
    const session = await startSession(`http://127.0.0.1:${port}`, {
      'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
    })
    return {
      openTab: async (address) => webdriverTab(session, await session.openTab(address)),
      close: async () => {
        // The driver ends the browser; remaining programs are ended afterwards.
        await session.end().catch(() => undefined)
        await endAll()
      },
      kill: endAll,
    }
  } catch (error) {
    await endAll()
    throw error
  }
}

function readLine(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text.trim())
    })
    stream.once('end', () => {
      reject(new Error('the X server did not start'))
    })
  })
}

/** The driver needs a port number and does not accept 0 for any free port. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}
