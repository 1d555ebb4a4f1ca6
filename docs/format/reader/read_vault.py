#!/usr/bin/env python3
"""Reads a vault from its records, checks every one of them, and prints what is in it as JSON.

    read_vault.py vault.json --raw-key HEX
    read_vault.py vault.json --passphrase TEXT

The file holds the store under "records": {storage key: record in hexadecimal}. Written from
README.md, envelope.md, records.md and storage-layout.md, whose rules the comments name.

The key stands on the command line, where others may see it: for examples, not for vaults in use."""

import argparse
import hashlib
import hmac
import json
import re
import sys
import unicodedata

sys.dont_write_bytecode = True  # this folder is under version control
from access import access_tag, is_place, policy_pin, read_access, read_policy
from aead import open_box
from fields import Fields, VaultError, ascending, require, same, utf8

TYPES = ['Generic', 'RAMCredentials', 'Rds', 'ECS', 'Redis', 'PolarDB']
STATUSES = ['Enabled', 'Disabled', 'Destroyed']
SECRET_KEY = re.compile(r'secret!([A-Za-z0-9_/+=.@-]{1,192})!(head|name)')
VERSION_KEY = re.compile(r'version!([0-9a-f]{32})!([0-9a-f]{8})')
DUE_KEY = re.compile(r'due!([0-9a-f]{12})!([0-9a-f]{32})')
SCOPE = re.compile(r'[A-Za-z0-9_-]{1,64}')
LIMITS = [('secretValueBytesMax', 4, 1, 126976), ('versionsMax', 2, 2, 100),
          ('stageLabelsMax', 2, 2, 64), ('secretsMax', 8, 0, 2 ** 53 - 1)]  # bytes, least, most


# Keys and contexts (envelope.md)

PURPOSES = {'slot-wrap': 1, 'slot-check': 2, 'subkey': 3, 'kek-wrap': 4, 'kek-check': 5,
            'dek-wrap': 6, 'value': 7, 'record-mac': 11}
FIELDS = {'suite': (1, 2), 'vaultId': (2, 16), 'secretId': (3, 16), 'number': (4, 4),
          'versionId': (5, None), 'keyId': (6, 16), 'keyVersion': (7, 4), 'salt': (8, 32),
          'contentType': (9, 1), 'createTime': (10, 8), 'padding': (11, 1), 'slotId': (12, 16),
          'slotKind': (13, 1), 'kdf': (14, None), 'label': (15, None), 'storageKey': (16, None)}


def context(purpose, **facts):
    """CTX-1; the caller gives the facts in the order of the table."""
    out = b'slv1\0' + bytes([PURPOSES[purpose]])
    for name, value in facts.items():
        tag, size = FIELDS[name]
        if isinstance(value, int):
            value = value.to_bytes(size, 'big')
        elif isinstance(value, str):
            value = value.encode('ascii')
        out += bytes([tag]) + len(value).to_bytes(4, 'big') + value
    return out


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def expand(key, info, length):
    first = mac(key, info + b'\1')
    return first if length == 32 else first + mac(key, first + info + b'\2')


def unwrap(suite, key, info, wrapped, what):
    require(len(wrapped) == 48, 'DECRYPTION_FAILED', what)  # KEY-6
    plain = open_box(suite, expand(key, info, 32), info, wrapped)
    require(plain is not None, 'DECRYPTION_FAILED', what)  # KEY-5
    return plain


# Records (records.md)

def header(magic, what, data):
    fields = Fields(what, data)
    if fields.bytes(4) != magic:  # REC-1
        raise fields.malformed('another kind of record')
    require(fields.number(1) == 1, 'UNSUPPORTED_FORMAT', f'{what}: its format')  # REC-2
    return fields


def without_checksum(what, record):
    body, checksum = record[:-8], record[-8:]
    fits = len(body) >= 5 and same(hashlib.sha256(body).digest()[:8], checksum)
    require(fits, 'MALFORMED_RECORD', f'{what}: its checksum does not fit')  # REC-5
    return body


class Vault:
    def __init__(self, records, raw_key, passphrase):
        self.records = records
        require(records, 'VAULT_MISSING', 'the store is empty')  # LAY-3
        self.read_descriptor(self.record('vault!descriptor'))
        root_key = self.unlock(raw_key, passphrase)
        keyring = self.record('vault!keyring')
        self.authentic(b'SVKR', 'vault!keyring', keyring)
        self.authentic(b'SVVD', 'vault!descriptor', self.descriptor)  # REC-8
        self.read_keyring(keyring, self.subkey(root_key, 'keyring'))
        self.read_root()
        older = self.generation != self.root['keyringGeneration']  # LAY-17
        require(not older, 'ROLLBACK_DETECTED', 'the keyring is not that of the root')
        named = same(keyring[-32:-16], self.root['keyringTag'])
        require(named, 'RECORD_MISMATCH', 'the keyring is not that of the root')

    def record(self, key):
        require(key in self.records, 'RECORD_MISSING', key)
        return self.records[key]

    def subkey(self, key, label):  # KEY-2
        return expand(key, context('subkey', vaultId=self.vault_id, label=label), 32)

    def authentic(self, magic, key, record):
        """The fields behind the header, after the MAC was found right (REC-3, REC-4)."""
        header(magic, key, record)
        require(len(record) >= 37, 'MALFORMED_RECORD', f'{key}: cut short')
        place = context('record-mac', vaultId=self.vault_id, storageKey=key)
        fits = same(mac(self.mac_key, place + record[:-32]), record[-32:])
        require(fits, 'DECRYPTION_FAILED', f'{key}: its MAC does not fit')
        return header(magic, key, record[:-32])

    def read_descriptor(self, record):
        self.descriptor = without_checksum('vault!descriptor', record)
        f = header(b'SVVD', 'vault!descriptor', self.descriptor[:-32])
        floor, self.suite = f.number(1), f.number(2)
        known = floor == 1 and self.suite in (1, 2)
        require(known, 'UNSUPPORTED_FORMAT', 'the floor or suite of the vault')  # REC-6
        self.vault_id, self.create_time = f.bytes(16), f.number(8)
        self.region, self.account_id = f.short(64), f.short(64)
        named = SCOPE.fullmatch(self.region) and SCOPE.fullmatch(self.account_id)
        require(named, 'MALFORMED_RECORD', 'the region or account of the vault')  # REC-7
        f.end()

    def unlock(self, raw_key, passphrase):  # LAY-3, step 3
        f = header(b'SVKR', 'vault!keyring', self.record('vault!keyring')[:-32])
        listed = [f'slot!{slot_id.hex()}' for slot_id in keyring_fields(f)[3]]  # LAY-15
        failures, slots = [], []
        for key in listed:
            try:
                slots.append((key, self.parse_slot(key, self.record(key))))
            except VaultError as error:
                failures.append(error)
        cost = sum(1 << slot['kdf'][0] for _, slot in slots if slot['kind'] == 2)
        require(cost <= 1 << 23, 'RECORD_MISMATCH', 'the slots cost too much')  # LAY-18
        for key, slot in slots:
            try:
                root_key = self.try_slot(key, slot, raw_key, passphrase)
            except VaultError as error:
                failures.append(error)
                continue
            if root_key is not None:
                return root_key
        raise (failures or [VaultError('UNLOCK_FAILED', 'no slot opens with this key')])[0]

    def parse_slot(self, key, whole):
        record = without_checksum(key, whole)
        f = header(b'SVSL', key, record[:-32])
        suite, slot_id, _time, kind = f.number(2), f.bytes(16), f.number(8), f.number(1)
        require(suite in (1, 2) and kind in (1, 2, 3), 'UNSUPPORTED_FORMAT', key)  # REC-10
        kdf = read_kdf(f, key, kind)
        check, salt, wrapped = f.bytes(16), f.bytes(32), f.bytes(48)
        f.long(384)
        f.end()
        require(key == 'slot!' + slot_id.hex(), 'MALFORMED_RECORD', f'{key}: its id')  # REC-9
        return dict(record=record, suite=suite, slot_id=slot_id, kind=kind, kdf=kdf, check=check,
                    salt=salt, wrapped=wrapped)

    def try_slot(self, key, slot, raw_key, passphrase):
        kind, kdf, slot_id = slot['kind'], slot['kdf'], slot['slot_id']
        if kind != (2 if raw_key is None else 1):
            return None
        slot_key = raw_key if kind == 1 else passphrase_key(passphrase, kdf)
        expected = expand(slot_key, context('slot-check', slotId=slot_id), 32)[:16]
        if not same(expected, slot['check']):  # REC-11
            return None
        info = context('slot-wrap', suite=slot['suite'], vaultId=self.vault_id, slotId=slot_id,
                       slotKind=kind, kdf=kdf, salt=slot['salt'])
        what = f'{key} does not open'
        root_key = unwrap(slot['suite'], slot_key, info, slot['wrapped'], what)  # REC-12
        self.mac_key = self.subkey(root_key, 'record mac')
        self.authentic(b'SVSL', key, slot['record'])  # REC-23
        return root_key

    def read_keyring(self, record, keyring_key):
        f = self.authentic(b'SVKR', 'vault!keyring', record)
        self.generation, (default, primaries), self.keks, self.slot_ids = keyring_fields(f)
        for (key_id, version), (check, salt, wrapped) in self.keks.items():  # REC-15
            info = context('kek-wrap', suite=self.suite, vaultId=self.vault_id, keyId=key_id,
                           keyVersion=version, salt=salt)
            kek = unwrap(self.suite, keyring_key, info, wrapped, 'a KEK does not open')
            info = context('kek-check', keyId=key_id, keyVersion=version)
            fits = same(expand(kek, info, 32)[:16], check)
            require(fits, 'DECRYPTION_FAILED', 'the key check of a KEK')
            self.keks[key_id, version] = kek
        found = default in primaries and all(key in self.keks for key in primaries.items())
        require(found, 'KEY_NOT_FOUND', 'the keyring lacks a primary or the default key')  # REC-16

    def read_root(self):
        f = self.authentic(b'SVRT', 'vault!root', self.record('vault!root'))
        root = {name: f.number(8) for name in ('epoch', 'secretCount', 'keyringGeneration')}
        root['keyringTag'] = f.bytes(16)
        root['limits'] = {name: f.number(size) for name, size, _least, _most in LIMITS}
        section, readable = read_sections(f, 1)
        f.end()
        require(root['epoch'] > 0, 'MALFORMED_RECORD', 'vault!root: its epoch')  # REC-28
        for name, _size, least, most in LIMITS:  # REC-27
            fits = least <= root['limits'][name] <= most
            require(fits, 'MALFORMED_RECORD', f'vault!root: its {name}')
        require(readable, 'UNSUPPORTED_FORMAT', 'vault!root: a section')  # REC-17
        self.root, self.access_tag = root, access_tag('vault!root', section)

    def read_head(self, name):
        key = f'secret!{name}!head'
        f = self.authentic(b'SVHD', key, self.record(key))
        head = {'generation': f.number(8)}
        f.bytes(32)
        head['secretId'], head['secretName'] = f.bytes(16), f.short(192)
        head['secretType'] = pick(TYPES, f.number(1))
        head['encryptionKeyId'] = f.bytes(16)
        head['createTime'], head['updateTime'] = f.number(8), f.number(8)
        head['plannedDeleteTime'] = f.number(8) or None
        head['description'], head['extendedConfig'] = f.long(6144), f.long(3072)
        head['tags'] = [{'tagKey': f.short(128), 'tagValue': f.short(128)}
                        for _ in range(f.number(1, 20))]
        head['nextNumber'], head['nextAutoId'] = f.number(4), f.number(8)
        head['versions'] = [{'number': f.number(4), 'versionId': f.short(64),
                             'createTime': f.number(8), 'status': pick(STATUSES, f.number(1)),
                             'digest': f.bytes(16), 'hash': f.bytes(32)}
                            for _ in range(f.number(2))]
        head['stages'] = [(f.short(64), f.number(4)) for _ in range(f.number(2))]
        head['evicted'] = [(f.short(64), f.bytes(16))[0] for _ in range(f.number(2, 32))]
        section, readable = read_sections(f, 2)
        f.end()
        require(head['secretName'] == name, 'RECORD_MISMATCH', f'{key}: its name')  # REC-18
        require(readable, 'UNSUPPORTED_FORMAT', f'{key}: a section')  # REC-17
        check_rules(key, head)
        head['pin'] = policy_pin(key, section)
        return head

    def read_value(self, head, version):
        key = f"version!{head['secretId'].hex()}!{version['number']:08x}"
        record = self.record(key)  # LAY-6
        intact = same(hashlib.sha256(record).digest(), version['hash'])
        require(intact, 'RECORD_MISMATCH', f'{key}: its hash')  # LAY-7
        f = header(b'SVVR', key, record)
        suite, version_id, content_type = f.number(2), f.short(64), f.number(1)
        create_time, padding, key_id, key_version = f.number(8), f.number(1), f.bytes(16), f.number(4)
        salt, wrapped, commitment = f.bytes(32), f.bytes(48), f.bytes(32)
        box = f.bytes(f.number(4, 126992))
        f.end()
        known = suite == self.suite and padding == 0
        require(known, 'UNSUPPORTED_FORMAT', f'{key}: its suite or padding')  # ENV-3
        require(version_id == version['versionId'], 'RECORD_MISMATCH', key)  # ENV-4
        kek = self.keks.get((key_id, key_version))
        require(kek is not None, 'KEY_NOT_FOUND', f'{key}: its KEK')  # LAY-8
        address = dict(suite=suite, vaultId=self.vault_id, secretId=head['secretId'],
                       number=version['number'], versionId=version_id)
        info = context('dek-wrap', **address, keyId=key_id, keyVersion=key_version, salt=salt)
        dek = unwrap(suite, kek, info, wrapped, f'{key}: its DEK')  # ENV-5
        info = context('value', **address, contentType=content_type, createTime=create_time,
                       padding=padding)
        keys = expand(dek, info, 64)
        require(same(keys[32:], commitment), 'DECRYPTION_FAILED', f'{key}: its commitment')  # ENV-6
        value = open_box(suite, keys[:32], info, box)
        require(value is not None, 'DECRYPTION_FAILED', f'{key}: its box')  # ENV-7
        require(content_type in (0, 1), 'UNSUPPORTED_FORMAT', f'{key}: its content')  # ENV-8
        return {'text': utf8(key, value)} if content_type == 0 else {'binary': value.hex()}

    def content(self):
        """Everything that the records say, after each was checked."""
        names, named = self.secret_names(), set()
        access = read_access(self, self.access_tag)
        secrets = [self.secret(name, named) for name in names]
        fits = self.root['secretCount'] == len(names)
        require(fits, 'RECORD_MISMATCH', 'vault!root: its count')  # LAY-10
        slots = sorted(key for key in self.records if key.startswith('slot!'))
        for slot_id in self.slot_ids:  # LAY-16
            require(f'slot!{slot_id.hex()}' in slots, 'RECORD_MISSING', 'an unlock slot')
        for key in slots:
            self.authentic(b'SVSL', key, without_checksum(key, self.records[key]))
            listed = bytes.fromhex(key[5:]) in self.slot_ids
            require(listed, 'RECORD_MISMATCH', f'{key}: the keyring does not list it')
        for key in self.records:  # LAY-9, LAY-11, LAY-24
            stray = key.startswith(('version!', 'due!', 'policy!')) and key not in named
            require(not stray, 'RECORD_MISMATCH', f'{key}: no head names it')
        return {'vaultId': self.vault_id.hex(), 'suite': self.suite,
                'createTime': self.create_time, 'region': self.region,
                'accountId': self.account_id, **self.root,
                'keyringTag': self.root['keyringTag'].hex(), 'secrets': secrets,
                **({} if access is None else {'access': access})}

    def secret_names(self):
        names = set()
        for key in self.records:  # LAY-1
            secret = SECRET_KEY.fullmatch(key)
            if secret:
                names.add(secret[1])
            own = key in ('vault!descriptor', 'vault!keyring', 'vault!root')
            placed = secret or own or VERSION_KEY.fullmatch(key) or DUE_KEY.fullmatch(key)
            placed = placed or is_place(key) or re.fullmatch('slot![0-9a-f]{32}', key)
            require(placed, 'MALFORMED_RECORD', f'{key}: no record belongs there')
        return sorted(names)

    def secret(self, name, named):
        head = self.read_head(name)
        f = self.authentic(b'SVNM', f'secret!{name}!name', self.record(f'secret!{name}!name'))
        require(f.bytes(16) == head['secretId'], 'RECORD_MISMATCH', f'the name {name}')  # LAY-4
        f.end()
        secret_id = head['secretId'].hex()
        if head['plannedDeleteTime'] is not None:  # LAY-9
            key = f"due!{head['plannedDeleteTime']:012x}!{secret_id}"
            f = self.authentic(b'SVDU', key, self.record(key))
            require(f.short(192) == name, 'RECORD_MISMATCH', f'{key}: its name')
            f.number(8)  # LAY-19, for writers
            f.end()
            named.add(key)
        versions = []
        for version in head['versions']:
            shown = {key: version[key] for key in ('number', 'versionId', 'createTime', 'status')}
            shown['stages'] = [stage for stage, n in head['stages'] if n == version['number']]
            if version['status'] != 'Destroyed':
                named.add(f"version!{secret_id}!{version['number']:08x}")
                shown.update(self.read_value(head, version))
            versions.append(shown)
        shown = {key: value for key, value in head.items() if key not in ('stages', 'pin')}
        if head['pin'] is not None:
            shown['policy'] = read_policy(self, head, named)
        return {**shown, 'secretId': secret_id, 'versions': versions,
                'encryptionKeyId': head['encryptionKeyId'].hex()}


def keyring_fields(f):
    """The generation, the default key with the primary version of each, the wrapped KEKs, and the
    ids of the slots."""
    keks, primaries = {}, {}
    generation, default = f.number(8), f.bytes(16)
    for _ in range(f.number(2, 32)):
        key_id, state, primary = f.bytes(16), f.number(1), f.number(4)
        require(state == 0, 'UNSUPPORTED_FORMAT', 'the state of a key')  # REC-13
        require(key_id not in primaries, 'MALFORMED_RECORD', 'a key twice')  # REC-14
        primaries[key_id], last = primary, 0
        for _ in range(f.number(2, 32)):
            version, _time, check = f.number(4), f.number(8), f.bytes(16)
            require(version > last, 'MALFORMED_RECORD', 'key versions out of order')
            last = version
            keks[key_id, version] = check, f.bytes(32), f.bytes(48)
    slot_ids = [f.bytes(16) for _ in range(f.number(2, 32))]
    require(ascending(slot_ids), 'MALFORMED_RECORD', 'slots out of order')
    f.end()
    return generation, (default, primaries), keks, slot_ids


def read_sections(f, known):
    """The one section that this program knows: whether it may be skipped, and its bytes. And
    whether all others may be skipped."""
    section, readable, last, left = None, True, 0, 65536
    for _ in range(f.number(2, 16)):
        number = f.number(2)
        require(number > last, 'MALFORMED_RECORD', f'{f.what}: sections out of order')  # REC-24
        last = number
        flags = f.number(1)
        require(flags < 2, 'UNSUPPORTED_FORMAT', f'{f.what}: flags of a section')  # REC-25
        content = f.bytes(f.number(4, left))
        left -= len(content)
        if number == known:
            section = flags == 1, Fields(f'{f.what}: section {number}', content)
        elif flags == 0:
            readable = False
    return section, readable


def read_kdf(f, key, kind):
    """The bytes that lead from what someone has to the slot key."""
    if kind == 1:
        return b''
    start = f.at
    if kind == 3:
        f.short(64)
        f.bytes(f.number(2, 4096))
    else:
        log_n, r, p = f.bytes(3)
        usable = 15 <= log_n <= 20 and r == 8 and p == 1
        require(usable, 'UNSUPPORTED_FORMAT', f'{key}: its cost')  # REC-10
        f.bytes(16)
    return f.data[start:f.at]


def passphrase_key(passphrase, kdf):  # KEY-9
    password = unicodedata.normalize('NFC', passphrase).encode('utf-8')
    return hashlib.scrypt(password, salt=kdf[3:], n=1 << kdf[0], r=8, p=1,
                          maxmem=1200 << kdf[0], dklen=32)


def pick(table, number):
    require(number < len(table), 'UNSUPPORTED_FORMAT', 'a number that no table has')  # REC-19
    return table[number]


def check_rules(key, head):  # REC-20
    versions, stages = head['versions'], dict(head['stages'])
    numbers = [version['number'] for version in versions]
    ids = [version['versionId'] for version in versions] + head['evicted']
    current = [v for v in versions if v['number'] == stages.get('ACSCurrent')]
    holds = (head['generation'] >= 1
             and ascending([0, *numbers, head['nextNumber']])
             and len(ids) == len(set(ids))
             and ascending([stage for stage, _ in head['stages']])
             and all(number in numbers for number in stages.values())
             and current and current[0]['status'] == 'Enabled'
             and stages.get('ACSPrevious') != stages['ACSCurrent']
             and ascending([tag['tagKey'] for tag in head['tags']])
             and all((v['status'] == 'Destroyed') == (v['hash'] == bytes(32)) for v in versions)
             and all((v['status'] == 'Destroyed') == (v['digest'] == bytes(16)) for v in versions))
    require(holds, 'MALFORMED_RECORD', f'{key} breaks the rules of heads')


def main():
    parser = argparse.ArgumentParser(description='Reads a vault and prints its secrets as JSON.')
    parser.add_argument('file', help='JSON with the records, as in vectors/vault.json')
    key = parser.add_mutually_exclusive_group(required=True)
    key.add_argument('--raw-key', type=bytes.fromhex, metavar='HEX')
    key.add_argument('--passphrase', metavar='TEXT')
    options = parser.parse_args()
    with open(options.file, encoding='utf-8') as file:
        stored = json.load(file)['records']
    records = {key: bytes.fromhex(record) for key, record in stored.items()}
    try:
        content = Vault(records, options.raw_key, options.passphrase).content()
    except VaultError as error:
        sys.exit(str(error))
    json.dump(content, sys.stdout, indent=1, ensure_ascii=True)
    print()


if __name__ == '__main__':
    main()
