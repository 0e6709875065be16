"""Encryption of a finished file, as the standard security handler does it [ISO 32000-1, 7.6]: RC4 and AES, both of 128 bits."""

import hashlib
import re

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
PERMISSIONS = (-1340) & 0xFFFFFFFF
OWNER = b"owner"


def rc4(pdf, user=b""):
    number, key, entries = handler(pdf, user, 3)
    encrypt_objects(pdf, number, lambda data, salt: stream(hashlib.md5(key + salt).digest(), data))
    return finish(pdf, number, f"/V 2 /R 3 /Length 128 {entries}")


def aes(pdf, user=b""):
    number, key, entries = handler(pdf, user, 4)
    encrypt_objects(pdf, number, lambda data, salt: chained(hashlib.md5(key + salt + b"sAlT").digest(), data, hashlib.md5(b"first" + salt).digest()))
    filters = "/CF << /StdCF << /CFM /AESV2 /AuthEvent /DocOpen /Length 16 >> >> /StmF /StdCF /StrF /StdCF"
    return finish(pdf, number, f"/V 4 /R 4 /Length 128 {filters} {entries}")


def handler(pdf, user, revision):
    """The key of the file (algorithm 2) and what proves the passwords (algorithms 3 and 5)."""
    identity = hashlib.md5(repr(pdf.bodies).encode()).digest()
    owner_key = digest((OWNER + PAD)[:32])
    owner = rounds(owner_key, (user + PAD)[:32])
    key = digest((user + PAD)[:32] + owner + PERMISSIONS.to_bytes(4, "little") + identity)
    proof = rounds(key, hashlib.md5(PAD + identity).digest()) + bytes(16)
    pdf.identity = identity.hex().upper()
    return pdf.reserve(), key, f"/O <{owner.hex()}> /U <{proof.hex()}> /P {PERMISSIONS - (1 << 32)}"


def digest(data):
    for _ in range(51):
        data = hashlib.md5(data).digest()
    return data


def rounds(key, data):
    for turn in range(20):
        data = stream(bytes(byte ^ turn for byte in key), data)
    return data


def finish(pdf, number, entries):
    pdf.put(number, f"<< /Filter /Standard {entries} >>")
    return f"/Encrypt {number} 0 R /ID [<{pdf.identity}> <{pdf.identity}>]"


def encrypt_objects(pdf, own, cipher):
    """Every stream and every string; the strings of these files are names in brackets."""
    for number, body in enumerate(pdf.bodies, 1):
        if number == own:
            continue
        salt = number.to_bytes(3, "little") + bytes(2)
        head, mark, rest = body.partition(b"stream\n")
        head = re.sub(rb"\((\w+)\)", lambda match: b"<" + cipher(match[1], salt).hex().encode() + b">", head)
        if mark:
            data = cipher(rest[:-len(b"\nendstream")], salt)
            head = re.sub(rb"/Length \d+", b"/Length %d" % len(data), head, count=1)
            rest = data + b"\nendstream"
        pdf.bodies[number - 1] = head + mark + rest


def stream(key, data):
    """RC4."""
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def chained(key, data, first):
    """AES in chained blocks, the first of them given [FIPS 197]."""
    data += bytes([16 - len(data) % 16]) * (16 - len(data) % 16)
    keys, out = round_keys(key), first
    for at in range(0, len(data), 16):
        out += block(keys, bytes(a ^ b for a, b in zip(data[at:at + 16], out[-16:])))
    return out


def doubled(byte):
    return (byte << 1) ^ (0x11B if byte & 0x80 else 0)


def substitutes():
    box, p, q = [0] * 256, 1, 1
    while True:
        p ^= doubled(p)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        turned = q
        for n in (1, 2, 3, 4):
            turned ^= (q << n | q >> (8 - n)) & 0xFF
        box[p] = turned ^ 0x63
        if p == 1:
            box[0] = 0x63
            return box


BOX = substitutes()


def round_keys(key):
    words, turn = [key[at:at + 4] for at in range(0, 16, 4)], 1
    while len(words) < 44:
        word = words[-1]
        if len(words) % 4 == 0:
            word = bytes(BOX[byte] for byte in word[1:] + word[:1])
            word, turn = bytes([word[0] ^ turn]) + word[1:], doubled(turn)
        words.append(bytes(a ^ b for a, b in zip(words[-4], word)))
    return [b"".join(words[at:at + 4]) for at in range(0, 44, 4)]


def block(keys, data):
    state = [a ^ b for a, b in zip(data, keys[0])]
    for turn, key in enumerate(keys[1:], 1):
        state = [BOX[state[(at + 4 * (at % 4)) % 16]] for at in range(16)]
        if turn < 10:
            state = [byte for at in range(0, 16, 4) for byte in mixed(state[at:at + 4])]
        state = [a ^ b for a, b in zip(state, key)]
    return bytes(state)


def mixed(column):
    every = column[0] ^ column[1] ^ column[2] ^ column[3]
    return [column[at] ^ every ^ doubled(column[at] ^ column[(at + 1) % 4]) for at in range(4)]
