"""Taking the fields of a record off its bytes (README.md, "Types of fields")."""

import hmac

NUMBER_MAX = 2 ** 53 - 1


class VaultError(Exception):
    def __init__(self, code, what):
        super().__init__(f'{code}: {what}')
        self.code = code


def require(holds, code, what):
    if not holds:
        raise VaultError(code, what)


def same(a, b):
    return hmac.compare_digest(a, b)


class Fields:
    def __init__(self, what, data):
        self.what, self.data, self.at = what, data, 0

    def malformed(self, why):
        return VaultError('MALFORMED_RECORD', f'{self.what}: {why}')

    def bytes(self, count):
        if count > len(self.data) - self.at:  # FMT-3
            raise self.malformed('cut short')
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, size, most=None):
        value = int.from_bytes(self.bytes(size), 'big')
        if value > (NUMBER_MAX if most is None else most):  # FMT-1, FMT-2
            raise self.malformed('a number beyond its bound')
        return value

    def short(self, most):
        text = self.bytes(self.number(1, most))
        if any(b < 0x21 or b > 0x7E for b in text):  # FMT-5
            raise self.malformed('text beyond printable ASCII')
        return text.decode('ascii')

    def long(self, most):
        return utf8(self.what, self.bytes(self.number(4, most)))

    def end(self):
        if self.at != len(self.data):  # FMT-4
            raise self.malformed('trailing bytes')


def utf8(what, data):
    try:
        return data.decode('utf-8')  # FMT-6
    except UnicodeDecodeError:
        raise VaultError('MALFORMED_RECORD', f'{what}: not UTF-8') from None


def ascending(items):
    return all(a < b for a, b in zip(items, items[1:]))
