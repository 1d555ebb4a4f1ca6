"""Reading access records and policies, which other records pin (storage-layout.md, "Access records
and policies")."""

import re

from fields import ascending, require, same

KINDS = ['user', 'role', 'group', 'policy']
NAME = re.compile(r'[A-Za-z0-9_.@-]{1,64}')
ACCESS_KEY = re.compile(r'access!(user|role|group|policy)!([A-Za-z0-9_.@-]{1,64})')
POLICY_KEY = re.compile(r'policy!([0-9a-f]{32})!([0-9a-f]{12})')


def is_place(key):
    """Whether a record of this page belongs there (LAY-1)."""
    own = key in ('vault!access', 'access!list')
    return own or ACCESS_KEY.fullmatch(key) or POLICY_KEY.fullmatch(key)


def pinned(vault, magic, key, tag):
    """The fields of a record, after its MAC and then its tag were found right."""
    record = vault.record(key)
    fields = vault.authentic(magic, key, record)
    require(same(record[-32:-16], tag), 'RECORD_MISMATCH', f'{key}: its tag')
    return fields


def read_access(vault, tag):
    """The access records, or None where the root has no section 1."""
    found, records = {'vault!access'}, []
    if tag is None:
        found = set()
    else:
        generation, list_tag = read_root(pinned(vault, b'SVAE', 'vault!access', tag))  # LAY-22
        found.add('access!list')
        for key, record_tag in read_list(pinned(vault, b'SVAL', 'access!list', list_tag)):
            records.append(read_record(key, pinned(vault, b'SVAC', key, record_tag)))  # LAY-23
            found.add(key)
    for key in vault.records:
        stray = key.startswith(('access!', 'vault!access')) and key not in found
        require(not stray, 'RECORD_MISMATCH', f'{key}: no record names it')  # LAY-22, LAY-23
    return None if tag is None else {'generation': generation, 'records': records}


def read_root(f):
    root = f.number(8), f.bytes(16)
    f.end()
    require(root[0] > 0, 'MALFORMED_RECORD', f'{f.what}: its generation')  # REC-29
    return root


def read_list(f):
    rows = [(f.short(78), f.bytes(16)) for _ in range(f.number(2, 1200))]
    f.end()
    keys = [key for key, _tag in rows]
    fits = ascending(keys) and all(ACCESS_KEY.fullmatch(key) for key in keys)
    require(fits, 'MALFORMED_RECORD', f'{f.what}: its keys')  # REC-30
    return rows


def read_record(key, f):
    kind, name = ACCESS_KEY.fullmatch(key).groups()
    number = f.number(1)
    fits = number == KINDS.index(kind) + 1
    require(fits, 'MALFORMED_RECORD', f'{key}: its kind')  # REC-31
    record = {'name': name, 'kind': number, 'generation': f.number(8), 'description': f.long(768)}
    require(record['generation'] > 0, 'MALFORMED_RECORD', f'{key}: its generation')  # REC-29
    if kind in ('user', 'role'):
        record['enabled'] = f.number(1, 1)  # REC-31
    if kind == 'user':
        record['groups'] = read_names(f)
    if kind != 'policy':
        record['policies'] = read_names(f)
    else:
        record['document'] = f.long(32768)
    f.end()
    return record


def read_names(f):
    names = [f.short(64) for _ in range(f.number(1, 10))]
    fits = ascending(names) and all(NAME.fullmatch(name) for name in names)
    require(fits, 'MALFORMED_RECORD', f'{f.what}: its names')  # REC-32
    return names


def read_policy(vault, head, named):
    """The policy that a head pins; its document is None after a removal."""
    generation, tag = head['pin']
    if tag == bytes(16):
        return {'generation': generation, 'document': None}
    key = f"policy!{head['secretId'].hex()}!{generation:012x}"
    document = read_document(pinned(vault, b'SVPO', key, tag))  # LAY-24
    named.add(key)
    return {'generation': generation, 'document': document}


def read_document(f):
    document = f.long(32768)
    f.end()
    return document


def access_tag(what, section):
    """Section 1 of the root."""
    if section is None:
        return None
    skippable, f = section
    tag = f.bytes(16)
    f.end()
    require(not skippable, 'MALFORMED_RECORD', f'{what}: its section 1')  # REC-33
    return tag


def policy_pin(what, section):
    """Section 2 of a head: the generation and the tag of its policy."""
    if section is None:
        return None
    skippable, f = section
    pin = f.number(8, 2 ** 48 - 1), f.bytes(16)
    f.end()
    fits = pin[0] > 0 and not skippable
    require(fits, 'MALFORMED_RECORD', f'{what}: its section 2')  # REC-33
    return pin
