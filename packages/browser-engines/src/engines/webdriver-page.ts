import type { Tab } from './engine.js'
import type { Method, WebDriverSession } from './webdriver.js'

/** A page behind WebDriver, and the actions of a user in it. */
export interface WebDriverPage {
  /** Runs a function in the page. It must not use variables of its surroundings. */
  readonly evaluate: <A extends unknown[], R>(
    work: (...given: A) => R | Promise<R>,
    ...given: A
  ) => Promise<R>
  /** Runs a script unchanged. */
  readonly runSource: (source: string) => Promise<void>
  /** Presses and releases the mouse's button at a point. */
  readonly click: (at: Point) => Promise<void>
  /** Presses keys on the focused element: texts, and {@link KEYS}. */
  readonly press: (keys: string) => Promise<void>
  /** Presses keys one after another, and releases them together. */
  readonly pressTogether: (keys: string) => Promise<void>
  /** Presses the mouse's button at a point, and moves the mouse to another. */
  readonly drag: (from: Point, to: Point) => Promise<void>
  /** Releases the mouse's button. */
  readonly drop: () => Promise<void>
  readonly reload: () => Promise<void>
  readonly resize: (width: number, height: number) => Promise<void>
  /** A PNG file. */
  readonly screenshot: () => Promise<Buffer>
}

/** CSS pixels from the upper left corner of the window. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The key values of WebDriver: https://www.w3.org/TR/webdriver2/#keyboard-actions */
export const KEYS = {
  Backspace: '\uE003',
  Enter: '\uE007',
  Control: '\uE009',
  Escape: '\uE00C',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
} as const

const DRAG_STEPS = 5
const RELEASE = { type: 'pointerUp', button: 0 }

const PAGES = new WeakMap<Tab, WebDriverPage>()

export function webdriverTab(session: WebDriverSession, handle: string): Tab {
  const tab: Tab = { close: () => session.closeTab(handle) }
  PAGES.set(tab, pageOf(session, handle))
  return tab
}

/** The page of a tab, for the actions of a test in it. */
export function webdriverPage(tab: Tab): WebDriverPage {
  const page = PAGES.get(tab)
  if (page === undefined) throw new Error('this tab is not driven by WebDriver')
  return page
}

function pageOf(session: WebDriverSession, handle: string): WebDriverPage {
  const send = <T>(method: Method, path: string, body?: unknown): Promise<T> =>
    session.send<T>(handle, method, path, body)
  return {
    evaluate: async (work, ...given) => {
      const answer = await send<{ readonly value?: never; readonly error?: string }>(
        'POST',
        'execute/async',
        { script: scriptOf(work), args: given },
      )
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer.value as never
    },
    runSource: async (source) => {
      await send('POST', 'execute/sync', { script: source, args: [] })
    },
    click: (at) => send('POST', 'actions', mouse([...pressActions(at), RELEASE])),
    press: (keys) =>
      send(
        'POST',
        'actions',
        keyboard(
          Array.from(keys).flatMap((value) => [
            { type: 'keyDown', value },
            { type: 'keyUp', value },
          ]),
        ),
      ),
    pressTogether: (keys) =>
      send(
        'POST',
        'actions',
        keyboard([
          ...Array.from(keys, (value) => ({ type: 'keyDown', value })),
          ...Array.from(keys, (value) => ({ type: 'keyUp', value })).reverse(),
        ]),
      ),
    drag: (from, to) => send('POST', 'actions', mouse(dragActions(from, to))),
    drop: () => send('POST', 'actions', mouse([RELEASE])),
    reload: () => send('POST', 'refresh', {}),
    resize: (width, height) => send('POST', 'window/rect', { width, height }),
    screenshot: async () => Buffer.from(await send<string>('GET', 'screenshot'), 'base64'),
  }
}

/** Awaits promises, and returns errors as texts. */
function scriptOf(work: (...given: never) => unknown): string {
  return `const given = [...arguments]
const done = given.pop()
Promise.resolve().then(() => (${work.toString()})(...given)).then(
  (value) => done({ value: value ?? null }),
  (error) => done({ error: String(error) }),
)`
}

function dragActions(from: Point, to: Point): object[] {
  const steps = Array.from({ length: DRAG_STEPS }, (_, i) => (i + 1) / DRAG_STEPS)
  return [
    ...pressActions(from),
    ...steps.map((share) => ({
      type: 'pointerMove',
      duration: 20,
      x: Math.round(from.x + share * (to.x - from.x)),
      y: Math.round(from.y + share * (to.y - from.y)),
    })),
  ]
}

function pressActions({ x, y }: Point): object[] {
  return [
    { type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y) },
    { type: 'pointerDown', button: 0 },
  ]
}

function keyboard(actions: readonly object[]): object {
  return { actions: [{ type: 'key', id: 'keys', actions }] }
}

/** The actions of one mouse, whose button keeps its state between two commands. */
function mouse(actions: readonly object[]): object {
  return { actions: [{ type: 'pointer', id: 'mouse', actions }] }
}
