/** Published answers, here in full so that they run everywhere. */
import { describe, expect, it } from 'vitest'
import { ascii, fromHex, implementations, toHex } from './implementations.js'

const aeadAnswers = [
  {
    title: 'RFC 8439 section 2.8.2',
    suite: 1,
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    nonce: '070000004041424344454647',
    aad: '50515253c0c1c2c3c4c5c6c7',
    plaintext: toHex(
      ascii(
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
          'sunscreen would be it.',
      ),
    ),
    ciphertext:
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6' +
      '3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36' +
      '92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
      '3ff4def08e4b7a9de576d26586cec64b6116',
    tag: '1ae10b594f09e26a7e902ecbd0600691',
  },
  {
    title: 'The Galois/Counter Mode of Operation (submission to NIST), test case 13',
    suite: 2,
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    aad: '',
    plaintext: '',
    ciphertext: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    title: 'test case 14',
    suite: 2,
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    aad: '',
    plaintext: '00'.repeat(16),
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    title: 'test case 16',
    suite: 2,
    key: 'feffe9928665731c6d6a8f9467308308'.repeat(2),
    nonce: 'cafebabefacedbaddecaf888',
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plaintext:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
      '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    ciphertext:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
      '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
] as const

// RFC 4231, section 4; its case 5 truncates the tag.
const hmacAnswers: readonly (readonly [number, Uint8Array, Uint8Array, string])[] = [
  [
    1,
    fromHex('0b'.repeat(20)),
    ascii('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    2,
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    3,
    fromHex('aa'.repeat(20)),
    fromHex('dd'.repeat(50)),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  ],
  [
    4,
    fromHex('0102030405060708090a0b0c0d0e0f10111213141516171819'),
    fromHex('cd'.repeat(50)),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
  [
    6,
    fromHex('aa'.repeat(131)),
    ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    7,
    fromHex('aa'.repeat(131)),
    ascii(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
]

describe.each(implementations)('%s', (_name, primitives) => {
  it.each(aeadAnswers)('$title', ({ suite, key, nonce, aad, plaintext, ciphertext, tag }) => {
    const given = [suite, fromHex(key), fromHex(nonce), fromHex(aad)] as const
    const box = primitives.aeadSeal(...given, fromHex(plaintext))
    expect(toHex(box)).toBe(ciphertext + tag)
    const opened = primitives.aeadOpen(...given, fromHex(ciphertext + tag))
    expect(opened).toEqual(fromHex(plaintext))
  })

  it('SHA-256: the examples of FIPS 180-4', () => {
    expect(toHex(primitives.sha256(ascii('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    const twoBlocks = ascii('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')
    expect(toHex(primitives.sha256(twoBlocks))).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    )
    expect(toHex(primitives.sha256(new Uint8Array(0)))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
  })

  it.each(hmacAnswers)('RFC 4231 section 4, test case %i', (_number, key, message, tag) => {
    expect(toHex(primitives.hmacSha256(key, message))).toBe(tag)
  })

  it.each(hmacAnswers)('RFC 4231 test case %i in pieces', (_number, key, message, tag) => {
    const pieces = Array.from(message, (_byte, i) => message.subarray(i, i + 1))
    expect(toHex(primitives.hmacSha256(key, ...pieces))).toBe(tag)
  })
})
