"""Reports in archives, as portals pack them."""

import gzip
import io
import struct
import tarfile
import zlib

import docx
import xlsx
from case import case, no_report
from cases_sheet import one_sheet
from report import Report


def report(name, agency, **more):
    return Report(f"bundle-{name}", agency=agency, **more)


def packed(members, flags=0, encoding="utf-8"):
    """A ZIP whose names stand in this encoding; `flags` are those of every entry [APPNOTE 4.4.4]."""
    body, directory = b"", b""
    for name, content in members:
        raw, data = name.encode(encoding), zlib.compress(content, 9)[2:-4] if content else b""
        method = 8 if content else 0
        fields = struct.pack("<HHHHIIIHH", flags, method, 0, 33, zlib.crc32(content), len(data), len(content), len(raw), 0)
        directory += b"PK\x01\x02" + struct.pack("<HH", 20, 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + raw
        body += b"PK\x03\x04" + struct.pack("<H", 20) + fields + raw + data
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + end


def tarred(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def as_docx(report):
    return docx.document(report.blocks())


@case("bundle/gbk-names.zip", "a ZIP with names in GBK", "not marked as UTF-8; a folder, a workbook and a Word file")
def gbk_names():
    one, two = report("gbk-one", "云汀县水务局"), report("gbk-two", "云汀县统计局", sparse=True)
    members = [("云汀县/", b""), ("云汀县/水务局年报.docx", as_docx(one)), ("云汀县/统计局年报.xlsx", xlsx.workbook(one_sheet(two)))]
    return packed(members, encoding="gb18030"), [one.truth(), two.truth()]


@case("bundle/rubbish.zip", "a ZIP with what systems leave behind", "__MACOSX, .DS_Store, Thumbs.db and folders are no documents")
def rubbish():
    one = report("rubbish", "鹤岭市医疗保障局")
    members = [("__MACOSX/._年报.docx", b"\0\5\x16\7"), (".DS_Store", b"\0\0\0\1Bud1"), ("Thumbs.db", b"\xd0\xcf\x11\xe0"), ("附件/年报.docx", as_docx(one))]
    return packed(members, flags=0x800), [one.truth()]


@case("bundle/nested.zip", "a ZIP in a ZIP", "a city's archive of its counties'")
def nested():
    one, two = report("nested-one", "松雪县水务局"), report("nested-two", "松雪县统计局", sparse=True)
    inner = packed([("统计局.docx", as_docx(two))], encoding="gb18030")
    return packed([("水务局.docx", as_docx(one)), ("统计局.zip", inner)], encoding="gb18030"), [one.truth(), two.truth()]


@case("bundle/tar.tar", "a TAR", "names in UTF-8, members one behind the other")
def tar():
    one, two = report("tar-one", "砚池县水务局"), report("tar-two", "砚池县统计局", sparse=True)
    return tarred([("年报/水务局.docx", as_docx(one)), ("年报/统计局.docx", as_docx(two))]), [one.truth(), two.truth()]


@case("bundle/tar.tar.gz", "a TAR in GZIP", "the usual archive of a scraper")
def tar_gz():
    one, two = report("targz-one", "梧桐湾区水务局"), report("targz-two", "梧桐湾区统计局", sparse=True)
    return gzip.compress(tarred([("水务局.docx", as_docx(one)), ("统计局.xlsx", xlsx.workbook(one_sheet(two)))]), mtime=0), [one.truth(), two.truth()]


@case("bundle/one.docx.gz", "one document in GZIP", "as servers store what they send")
def one_gz():
    one = report("gz", "石榴溪市应急管理局")
    return gzip.compress(as_docx(one), mtime=0), [one.truth()]


@case("bundle/misnamed.docx", "a ZIP named .docx", "the bytes tell; the Word file in it is named .doc")
def misnamed():
    one = report("misnamed", "青枫市白鹭区统计局")
    return packed([("年报.doc", as_docx(one))], flags=0x800), [one.truth()]


@case("broken/password.zip", "a ZIP whose member has a password", "reported as encrypted, by its own name")
def password():
    return packed([("年报.docx", as_docx(report("password", "鹤岭市水务局")))], flags=1, encoding="gb18030"), no_report("encrypted")


@case("broken/deep.zip", "a ZIP in a ZIP, nine deep", "a limit on depth ends it")
def deep():
    content = b"x"
    for depth in range(9):
        content = packed([(f"{depth}.zip" if depth else "a.txt", content)])
    return content, no_report("too_large")


@case("broken/bomb.gz", "100 MB of noughts in GZIP", "a limit on the ratio ends it")
def bomb():
    return gzip.compress(bytes(100_000_000), 9, mtime=0), no_report("too_large")


@case("broken/outside.zip", "members named ../../outside and C:\\outside", "nothing is ever unpacked to disk")
def outside():
    return packed([("../../outside.txt", b"no report"), ("C:\\outside.txt", b"no report"), ("/etc/outside", b"no report")]), no_report("no_report_found")


@case("broken/cut.tar", "a TAR that breaks off inside a member", "what stands before is read")
def cut():
    archive = tarred([("a.txt", "没有年报".encode() * 100), ("b.txt", "没有年报".encode() * 400)])
    return archive[:4000], no_report("corrupt", "no_report_found")


@case("broken/archive.rar", "the first bytes of a RAR", "not opened, and said so by its name")
def rar():
    return b"Rar!\x1a\x07\x01\x00" + bytes(range(64)), no_report("unsupported")


@case("broken/archive.7z", "the first bytes of a 7z", "not opened, and said so by its own name")
def seven_z():
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(64)), no_report("unsupported")
