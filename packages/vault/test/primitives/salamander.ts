/**
 * Builds AES-256-GCM boxes that open under two keys ("invisible salamanders": Dodis, Grubbs,
 * Ristenpart, Woodage, CRYPTO 2018). GHASH is linear in each block of ciphertext, so one block that
 * may be anything is enough to make the two tags equal.
 */
import { createCipheriv } from 'node:crypto'

const BLOCK_BYTES = 16
// x^128 + x^7 + x^2 + x + 1 in GCM's order of bits: the first bit of a block is the constant term.
const REDUCTION = 0xe1n << 120n
const ONE = 1n << 127n

interface Keyed {
  /** E(0), the point at which GHASH is evaluated. */
  readonly hashKey: bigint
  /** E(nonce, 1), which masks the tag. */
  readonly mask: bigint
}

/**
 * A box (body and tag) that opens under both keys. It has the given body except for the last block;
 * the body is a whole number of blocks, the nonce has 12 bytes.
 */
export function buildSalamander(
  keys: readonly [Uint8Array, Uint8Array],
  nonce: Uint8Array,
  aad: Uint8Array,
  body: Uint8Array,
): Uint8Array {
  const [first, second] = [keyed(keys[0], nonce), keyed(keys[1], nonce)]
  const box = new Uint8Array(body.length + BLOCK_BYTES)
  box.set(body)
  const free = body.length - BLOCK_BYTES
  box.fill(0, free)
  // tag(first) + tag(second) = 0 with the free block at H^2, the length block being at H^1.
  const difference =
    tagOf(first, aad, box.subarray(0, body.length)) ^
    tagOf(second, aad, box.subarray(0, body.length))
  const slope = multiply(first.hashKey, first.hashKey) ^ multiply(second.hashKey, second.hashKey)
  box.set(toBlock(multiply(difference, invert(slope))), free)
  box.set(toBlock(tagOf(first, aad, box.subarray(0, body.length))), body.length)
  return box
}

/** The bytes that AES-256-GCM adds to a plaintext of `length` bytes. */
export function keystream(key: Uint8Array, nonce: Uint8Array, length: number): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
  return new Uint8Array(cipher.update(new Uint8Array(length)))
}

function keyed(key: Uint8Array, nonce: Uint8Array): Keyed {
  const counter = new Uint8Array(BLOCK_BYTES)
  counter.set(nonce)
  counter.set([1], BLOCK_BYTES - 1)
  return { hashKey: encrypt(key, new Uint8Array(BLOCK_BYTES)), mask: encrypt(key, counter) }
}

function encrypt(key: Uint8Array, block: Uint8Array): bigint {
  return fromBlock(createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block))
}

/** SP 800-38D, 7.1: the tag of ciphertext and associated data. */
function tagOf({ hashKey, mask }: Keyed, aad: Uint8Array, body: Uint8Array): bigint {
  const lengths = (BigInt(8 * aad.length) << 64n) | BigInt(8 * body.length)
  let sum = 0n
  for (const block of [...blocksOf(aad), ...blocksOf(body), lengths]) {
    sum = multiply(sum ^ block, hashKey)
  }
  return sum ^ mask
}

function blocksOf(bytes: Uint8Array): bigint[] {
  const count = Math.ceil(bytes.length / BLOCK_BYTES)
  return Array.from({ length: count }, (_, i) => {
    const block = new Uint8Array(BLOCK_BYTES)
    block.set(bytes.subarray(BLOCK_BYTES * i, BLOCK_BYTES * (i + 1)))
    return fromBlock(block)
  })
}

/** SP 800-38D, 6.3. */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n
  let power = y
  for (let bit = 127n; bit >= 0n; bit--) {
    if (((x >> bit) & 1n) === 1n) product ^= power
    power = (power & 1n) === 1n ? (power >> 1n) ^ REDUCTION : power >> 1n
  }
  return product
}

/** x^(2^128 - 2), by Fermat. */
function invert(x: bigint): bigint {
  let inverse = ONE
  let square = x
  for (let i = 1; i < 128; i++) {
    square = multiply(square, square)
    inverse = multiply(inverse, square)
  }
  return inverse
}

function fromBlock(block: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(block).toString('hex')}`)
}

function toBlock(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(2 * BLOCK_BYTES, '0'), 'hex'))
}
