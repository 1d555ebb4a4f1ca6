/** The two ways that events take between handles, and what is made of what arrives. */

import { afterEach, describe, expect, it } from 'vitest'
import { openBroadcastChannel } from '../../dist/platform/broadcast-channel.js'
import type { EventChannel } from '../../dist/platform/platform.js'
import { openProcessChannel } from '../../dist/platform/in-process.js'
import { readEvents } from '../../dist/api/events.js'

let open: EventChannel[] = []

afterEach(() => {
  for (const channel of open) channel.close()
  open = []
})

describe.each([
  ['in a process', openProcessChannel],
  ['by BroadcastChannel', openBroadcastChannel],
] as const)('a channel %s', (_name, openChannel) => {
  interface End {
    readonly channel: EventChannel
    readonly heard: unknown[]
  }

  function listening(name: string): End {
    const channel = openChannel(name)
    open.push(channel)
    const heard: unknown[] = []
    channel.listen((message) => heard.push(message))
    return { channel, heard }
  }

  /** Until what was posted before has arrived: what one end posts arrives in order. */
  async function arrived(from: EventChannel, at: End): Promise<unknown[]> {
    from.post('the last')
    while (at.heard.at(-1) !== 'the last') await new Promise((resolve) => setTimeout(resolve, 1))
    return at.heard.slice(0, -1)
  }

  it('carries messages to every other end of its name, in order', async () => {
    const [a, b, c] = [listening('one'), listening('one'), listening('one')]
    const stranger = listening('another')
    for (const message of [1, { x: [2] }, 'three']) a.channel.post(message)
    expect(a.heard).toEqual([])
    expect(b.heard).toEqual([])
    expect(await arrived(a.channel, b)).toEqual([1, { x: [2] }, 'three'])
    expect(await arrived(a.channel, c)).toEqual(expect.arrayContaining([1, { x: [2] }, 'three']))
    expect(a.heard).toEqual([])
    expect(stranger.heard).toEqual([])
  })

  it('needs no listener to post, and says nothing to one that has closed', async () => {
    const quiet = openChannel('one')
    open.push(quiet)
    const [a, b] = [listening('one'), listening('one')]
    a.channel.close()
    a.channel.close()
    quiet.post('x')
    expect(await arrived(quiet, b)).toEqual(['x'])
    expect(a.heard).toEqual([])
  })
})

it('a BroadcastChannel sends a moment later, and what is left when it is closed', async () => {
  const [writer, reader] = [openBroadcastChannel('late'), openBroadcastChannel('late')]
  open.push(reader)
  const heard: unknown[] = []
  reader.listen((message) => heard.push(message))
  writer.post('first')
  writer.post('second')
  writer.close()
  while (heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(heard).toEqual(['first', 'second'])
})

describe('readEvents', () => {
  const event = { type: 'secret.created', secretName: 'S' } as const

  it('takes events as they are', () => {
    const events = [
      event,
      { type: 'secret.version.created', secretName: 'S', versionId: 'v1' },
      { type: 'secret.stage.moved', secretName: 'S', versionId: 'v1', versionStage: 'b' },
      { type: 'secret.renamed', secretName: 'T', formerSecretName: 'S' },
    ]
    expect(readEvents(structuredClone(events))).toEqual(events)
  })

  it.each([
    undefined,
    null,
    5,
    'text',
    {},
    event,
    [null],
    ['text'],
    [5],
    [{}],
    [[]],
    [{ ...event, type: 'secret.exploded' }],
    [{ ...event, type: 'toString' }],
    [{ ...event, type: undefined }],
    [{ ...event, secretName: 5 }],
    [{ type: event.type }],
  ])('passes over %j', (message) => {
    expect(readEvents(message)).toEqual([])
  })

  it('takes of an event what belongs to it', () => {
    const more = {
      ...event,
      versionId: 5,
      secretData: 'a value',
      isRemote: 'no',
      __proto__: { x: 1 },
    }
    expect(readEvents([more, event])).toEqual([event, event])
  })
})
