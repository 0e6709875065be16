"""Archives that lie about themselves, or hold more than they weigh: each must end with an answer, soon and in little memory."""

import gzip
import struct
import zlib

from case import case, no_report
from cases_bundle import as_docx, packed, report

NO_REPORT = "没有年报".encode()


def deflated(content):
    return zlib.compress(content, 9)[2:-4]


def archive(bodies, entries):
    """A ZIP of local parts as they come, and a directory of entries: name, checksum, packed and unpacked size, and where each begins."""
    body = b"".join(bodies)
    directory = b""
    for name, checksum, size, whole, at in entries:
        raw = name.encode()
        directory += b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 8, 0, 33, checksum, size, whole, len(raw), 0, 0, 0, 0, 0, at) + raw
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def local(name, checksum, size, whole):
    raw = name.encode()
    return b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, checksum, size, whole, len(raw), 0) + raw


@case("broken/kernel-shared.zip", "two hundred entries over one kernel of 4 MB of blanks", "no entry is large, all together are")
def kernel_shared():
    content = b" " * (4 << 20)
    data, checksum = deflated(content), zlib.crc32(content)
    names = [f"{index:03}.txt" for index in range(200)]
    part = local(names[0], checksum, len(data), len(content)) + data
    return archive([part], [(name, checksum, len(data), len(content), 0) for name in names]), no_report("corrupt", "no_report_found")


@case("broken/kernel-quoted.zip", "entries whose data quote the heads of those behind them", "overlapping entries, each with a head of its own (as D. Fifield made them)")
def kernel_quoted():
    kernel = b" " * (4 << 20)
    name = lambda index: f"{index:03}.txt"
    count = 40
    # From the last to the first: each entry is a stored block that quotes the head behind it, then goes on with that entry's own data.
    content, data = kernel, deflated(kernel)
    parts = [(name(count - 1), content, data)]
    for index in reversed(range(count - 1)):
        head = local(parts[-1][0], zlib.crc32(content), len(data), len(content))
        quote = struct.pack("<BHH", 0, len(head), 0xFFFF ^ len(head)) + head
        content, data = head + content, quote + data
        parts.append((name(index), content, data))
    first = parts[-1]
    body = local(first[0], zlib.crc32(first[1]), len(first[2]), len(first[1])) + first[2]
    # Where an entry's data ends, all end: each begins as much before it as its data are long.
    entries = [(entry, zlib.crc32(whole), len(packed_), len(whole), len(body) - len(packed_) - 30 - len(entry)) for entry, whole, packed_ in reversed(parts)]
    return archive([body], entries), no_report("too_large", "no_report_found", "corrupt")


@case("broken/sizes-lie.zip", "members that are longer, shorter and further away than they say", "sizes are counted, never believed")
def sizes_lie():
    data, checksum = deflated(NO_REPORT * 50), zlib.crc32(NO_REPORT * 50)
    true = (checksum, len(data), len(NO_REPORT) * 50)
    lies = [("longer.txt", true[0], true[1], 7), ("shorter.txt", true[0], true[1], 0xFFFFFFF0), ("further.txt", true[0], 0x7FFFFFFF, true[2]), ("cut.txt", true[0], 9, true[2])]
    bodies, entries, at = [], [], 0
    for name, *stated in lies:
        bodies.append(local(name, *stated) + data)
        entries.append((name, *stated, at))
        at += len(bodies[-1])
    entries.append(("nowhere.txt", *true, 0x7FFFFFF0))
    return archive(bodies, entries), no_report("corrupt", "no_report_found", "too_large")


@case("broken/ratio-lies.docx", "a DOCX whose main part says it is stored in two thousand million bytes", "the bound on the ratio goes by what is there")
def ratio_lies():
    content = b"<w:document>" + b" " * (40 << 20)
    data, checksum = deflated(content), zlib.crc32(content)
    parts = [("[Content_Types].xml", b"<Types/>"), ("word/document.xml", None)]
    bodies, entries, at = [], [], 0
    for name, plain in parts:
        packed_, sum_, size, whole = (data, checksum, 0x7FFFFFFF, len(content)) if plain is None else (deflated(plain), zlib.crc32(plain), len(deflated(plain)), len(plain))
        bodies.append(local(name, sum_, size, whole) + packed_)
        entries.append((name, sum_, size, whole, at))
        at += len(bodies[-1])
    return archive(bodies, entries), no_report("too_large", "corrupt")


@case("broken/fan-out.zip", "five archives in five archives in five archives, all alike", "an archive that multiplies: as many answers, and soon")
def fan_out():
    content = packed([("a.txt", NO_REPORT)])
    for _ in range(3):
        content = packed([(f"{index}.zip", content) for index in range(5)])
    return content, no_report("no_report_found")


@case("bundle/members.gz", "a report in a GZIP of three members", "written in pieces: what they hold is one text")
def gz_members():
    one = report("gz-members", "鹤岭市水务局")
    content = as_docx(one)
    pieces = [content[:1000], b"", content[1000:]]
    return b"".join(gzip.compress(piece, mtime=0) for piece in pieces), [one.truth()]


@case("broken/gzip-in-gzip.gz", "100 MB of noughts in GZIP, in GZIP", "the second layer unpacks a thousand times as much as the first")
def gz_in_gz():
    return gzip.compress(gzip.compress(bytes(100_000_000), 9, mtime=0), 9, mtime=0), no_report("too_large")


@case("broken/gzip-and-rubbish.gz", "a GZIP with other bytes behind it", "whether they are a further member cannot be told")
def gz_rubbish():
    return gzip.compress(NO_REPORT, mtime=0) + b"\x1f\x8b\x08" + bytes(40), no_report("corrupt", "no_report_found")


def header(name, size, kind=b"0", more=b""):
    """The head of a TAR member; `size` are its twelve bytes. `more` stands from byte 345 on [GNU tar, old_gnu_header]."""
    fields = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + size + b"00000000000\0"
    block = bytearray(fields + b" " * 8 + kind + bytes(100) + b"ustar  \0")
    block = block.ljust(345, b"\0") + more
    block = block.ljust(512, b"\0")
    block[148:156] = f"{sum(block):06o}".encode() + b"\0 "
    return bytes(block)


def octal(number):
    return f"{number:011o}".encode() + b"\0"


def block(content):
    return content + bytes(-len(content) % 512)


@case("broken/tar-size-past-end.tar", "a TAR whose second member says it has 8 GB", "the first is read, the second is too large to be true")
def tar_past_end():
    return header("a.txt", octal(len(NO_REPORT))) + block(NO_REPORT) + header("b.txt", octal(0o77777777777)) + block(NO_REPORT) + bytes(1024), no_report("too_large", "corrupt", "no_report_found")


@case("broken/tar-size-binary.tar", "a TAR with sizes in base 256, one of them below nought", "the other way to write a size")
def tar_binary():
    good = b"\x80" + len(NO_REPORT).to_bytes(11, "big")
    bad = b"\xff" * 12
    return header("a.txt", good) + block(NO_REPORT) + header("b.txt", bad) + block(NO_REPORT) + bytes(1024), no_report("too_large", "corrupt", "no_report_found")


@case("broken/tar-sparse.tar", "a TAR with a sparse member of 700 MB, most of it a hole", "a kilobyte that claims to be a city")
def tar_sparse():
    whole = 700_000_000
    # Four pairs of offset and size, a mark that no more follow, and the size of the whole (old GNU format).
    more = bytes(12) * 2 + bytes(17) + octal(whole - 512) + octal(512) + bytes(24 * 3) + b"\0" + octal(whole)
    return header("a.txt", octal(512), b"S", more) + block(NO_REPORT * 10)[:512] + bytes(1024), no_report("too_large", "corrupt", "no_report_found")


def pax(records):
    """The content of an extended head: each record begins with its own length (POSIX.1-2017, pax)."""
    lines = b""
    for key, value in records:
        rest = f" {key}={value}\n".encode()
        length = len(rest) + 1
        while len(str(length)) + len(rest) != length:
            length = len(str(length)) + len(rest)
        lines += str(length).encode() + rest
    return lines


@case("broken/tar-pax.tar", "a TAR whose extended heads say another size, a name with an escape sequence, and nonsense", "the extended head counts, and is not believed")
def tar_pax():
    def member(records, content):
        head = pax(records)
        return header("head", octal(len(head)), b"x") + block(head) + header("a.txt", octal(len(content))) + block(content)

    members = member([("path", "\x1b[2J年报.txt")], NO_REPORT) + member([("size", str(len(NO_REPORT)))], NO_REPORT)
    nonsense = header("head", octal(20), b"x") + block(b"999999999 path=b.txt")
    return members + nonsense + header("b.txt", octal(len(NO_REPORT))) + block(NO_REPORT) + member([("size", "99999999999")], NO_REPORT) + bytes(1024), no_report("too_large", "corrupt", "no_report_found")


@case("broken/tar-long-name.tar.gz", "a TAR with a name of 200,000 characters", "a name of GNU's that is longer than any path")
def tar_long_name():
    name = b"a" * 200_000 + b".txt\0"
    return gzip.compress(header("././@LongLink", octal(len(name)), b"L") + block(name) + header("a.txt", octal(len(NO_REPORT))) + block(NO_REPORT) + bytes(1024), mtime=0), no_report("too_large", "corrupt", "no_report_found")
