"""The two AEADs of the format, opening only, written out plainly. Slow, and not for secrets of
your own: Python's numbers do not take constant time."""

import hmac
import struct

MASK32 = 0xFFFFFFFF


def open_box(suite, key, context, box):
    """The plaintext, or None. The nonce is zero in this format (envelope.md)."""
    if len(box) < 16:
        return None
    body, tag = box[:-16], box[-16:]
    expected, keystream = (chacha20_poly1305 if suite == 1 else aes_gcm)(key, context, body)
    if not hmac.compare_digest(expected, tag):
        return None
    return bytes(a ^ b for a, b in zip(body, keystream))


def pad16(data):
    return data + bytes(-len(data) % 16)


# ChaCha20-Poly1305, RFC 8439

def chacha20_poly1305(key, aad, body):
    stream = b''.join(chacha20_block(key, i) for i in range(1 + (len(body) + 63) // 64))
    lengths = struct.pack('<QQ', len(aad), len(body))
    return poly1305(stream[:32], pad16(aad) + pad16(body) + lengths), stream[64:]


def chacha20_block(key, counter):
    start = [*struct.unpack('<4I', b'expand 32-byte k'), *struct.unpack('<8I', key), counter, 0, 0, 0]
    s = list(start)

    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & MASK32
            s[z] ^= s[x]
            s[z] = ((s[z] << turn) | (s[z] >> (32 - turn))) & MASK32

    for _ in range(10):
        for i in range(4):
            quarter(i, i + 4, i + 8, i + 12)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack('<16I', *((a + b) & MASK32 for a, b in zip(s, start)))


def poly1305(key, data):
    r = int.from_bytes(key[:16], 'little') & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b'\1', 'little')) * r % (2 ** 130 - 5)
    return ((total + int.from_bytes(key[16:], 'little')) % 2 ** 128).to_bytes(16, 'little')


# AES-256-GCM, FIPS 197 and SP 800-38D

def aes_gcm(key, aad, body):
    words = expand_key(key)
    hash_key = int.from_bytes(aes_block(words, bytes(16)), 'big')
    stream = b''.join(aes_block(words, bytes(12) + struct.pack('>I', i + 1))
                      for i in range(1 + (len(body) + 15) // 16))
    total = 0
    data = pad16(aad) + pad16(body) + struct.pack('>QQ', 8 * len(aad), 8 * len(body))
    for i in range(0, len(data), 16):
        total = multiply(total ^ int.from_bytes(data[i:i + 16], 'big'), hash_key)
    mask = int.from_bytes(stream[:16], 'big')
    return (total ^ mask).to_bytes(16, 'big'), stream[16:]


def multiply(x, y):
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
    return product


def double(a):
    return (a << 1 ^ (0x11B if a & 0x80 else 0)) & 0xFF


def make_s_box():
    box = [0x63] * 256
    p = q = 1
    while True:
        p ^= double(p)  # times 3
        for shift in (1, 2, 4):  # q divided by 3
            q = (q ^ q << shift) & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        turned = [(q << n | q >> (8 - n)) & 0xFF for n in range(5)]
        box[p] = turned[0] ^ turned[1] ^ turned[2] ^ turned[3] ^ turned[4] ^ 0x63
        if p == 1:
            return box


S_BOX = make_s_box()


def expand_key(key):
    words = [list(key[i:i + 4]) for i in range(0, 32, 4)]
    round_constant = 1
    for i in range(8, 60):
        word = list(words[i - 1])
        if i % 8 == 0:
            word = [S_BOX[b] for b in word[1:] + word[:1]]
            word[0] ^= round_constant
            round_constant = double(round_constant)
        elif i % 8 == 4:
            word = [S_BOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - 8], word)])
    return words


def aes_block(words, block):
    s = [a ^ b for a, b in zip(block, sum(words[:4], []))]
    for turn in range(1, 15):
        s = [S_BOX[s[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if turn < 14:
            s = [double(s[i]) ^ double(s[j]) ^ s[j] ^ s[k] ^ s[m]
                 for i in range(16)
                 for j, k, m in [[i - i % 4 + (i + n) % 4 for n in (1, 2, 3)]]]
        s = [a ^ b for a, b in zip(s, sum(words[4 * turn:4 * turn + 4], []))]
    return bytes(s)
