/** The two ways that events take between handles, and what is made of what arrives. */

import { afterEach, describe, expect, it } from 'vitest'
import { openBroadcastChannel } from '../../dist/platform/broadcast-channel.js'
import type { EventChannel } from '../../dist/platform/platform.js'
import { openProcessChannel } from '../../dist/platform/in-process.js'
import type { VaultEvent } from 'stagevault'
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

  // What each type of event has besides it: the compiler asks for every type.
  const S = { secretName: 'S' }
  const ONE = { ...S, versionId: 'v1' }
  const EVERY: Readonly<Record<VaultEvent['type'], object>> = {
    'secret.created': S,
    'secret.updated': S,
    'secret.deletion.scheduled': S,
    'secret.restored': S,
    'secret.deleted': S,
    'secret.renamed': { ...S, formerSecretName: 'R' },
    'secret.version.created': { ...ONE, versionStages: ['a'] },
    'secret.version.evicted': ONE,
    'secret.version.enabled': ONE,
    'secret.version.disabled': ONE,
    'secret.version.destroyed': ONE,
    'secret.stage.moved': { ...ONE, versionStage: 'b' },
  }

  it('takes events of every type as they are', () => {
    const every = Object.entries(EVERY).map(([type, fields]) => ({ type, ...fields }))
    const removed = { type: 'secret.stage.moved', ...S, versionStage: 'b' }
    const events = [...every, removed]
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
    [{ type: 'secret.renamed', secretName: 'T' }],
    [{ type: 'secret.renamed', secretName: 'T', formerSecretName: 5 }],
    [{ type: 'secret.version.created', secretName: 'S', versionId: 'v1' }],
    [{ type: 'secret.version.created', secretName: 'S', versionStages: [] }],
    [{ type: 'secret.version.created', secretName: 'S', versionId: 'v1', versionStages: [5] }],
    [{ type: 'secret.version.created', secretName: 'S', versionId: 'v1', versionStages: 'a' }],
    [{ type: 'secret.version.evicted', secretName: 'S' }],
    [{ type: 'secret.version.enabled', secretName: 'S' }],
    [{ type: 'secret.version.disabled', secretName: 'S' }],
    [{ type: 'secret.version.destroyed', secretName: 'S', versionId: null }],
    [{ type: 'secret.stage.moved', secretName: 'S', versionId: 'v1' }],
    [{ type: 'secret.stage.moved', secretName: 'S', versionStage: 'b', versionId: 5 }],
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
