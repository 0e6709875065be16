"""DOC written by hand, so that every structure under test is exactly the one named [MS-DOC]; the compound file around it is biff's."""

import random
import struct
from dataclasses import dataclass, field

import biff
from table import Text

PAGE = 512
TEXT_AT = 0x800
CELL = "\x07"
END = "\r"


def sprm(code, *operand, form=None):
    """A property; a variable operand is given as bytes."""
    if form:
        return struct.pack("<H" + form, code, *operand)
    data = operand[0]
    return struct.pack("<HB", code, len(data)) + data


IN_TABLE = sprm(0x2416, 1, form="B")
ROW_END = IN_TABLE + sprm(0x2417, 1, form="B")
DELETED = sprm(0x0800, 1, form="B")
HEADER = sprm(0x3404, 1, form="B")


@dataclass
class Paragraph:
    text: str
    mark: str = END
    properties: bytes = b""
    deleted: bool = False  # its characters and its mark


@dataclass
class Document:
    paragraphs: list
    pieces: int = 1  # how many pieces the text is cut into
    shuffled: bool = False  # the pieces stand in another order in the file
    digits_as_bytes: bool = False  # a piece for each run of ASCII, one byte a character
    page: str = ""  # the whole text in bytes of this code page
    language: int = 0x0804
    data: bytes = b""  # the stream Data
    changes: dict = field(default_factory=dict)  # start of a piece -> a property that applies to all of it (a Prm)
    lists: list = field(default_factory=list)  # the levels of each list: (format, looks)
    numberings: list = field(default_factory=list)  # (list, {level: its own start}); the first is number 1
    version: int = 0x00C1
    flags: int = 0
    spoil: object = None  # a function of the two streams, each a bytearray, and the places of what stands in the second


def define_table(edges, flags):
    """sprmTDefTable: the edges of the cells and the merges of each."""
    data = struct.pack("<B", len(edges) - 1) + struct.pack(f"<{len(edges)}h", *edges)
    data += b"".join(struct.pack("<HH", flag, 0) + bytes(16) for flag in flags)
    return struct.pack("<HH", 0xD608, len(data) + 1) + data


RESTART_DOWN, GO_ON_DOWN, FIRST_ACROSS, GO_ON_ACROSS = 0x0060, 0x0020, 0x0002, 0x0001


def plain_row(slots, columns, header):
    """A row whose cells have the width that they span."""
    edges, flags = [-108], []
    for column, cell, begins in slots:
        edges.append(-108 + 600 * (column + cell.columns))
        flags.append(0 if cell.rows == 1 else RESTART_DOWN if begins else GO_ON_DOWN)
    return [cell.text if begins else "" for _, cell, begins in slots], define_table(edges, flags) + (HEADER if header else b"")


def of_blocks(blocks, row=plain_row):
    """The paragraphs of texts and tables. `row` makes the texts of a row's cells and its properties."""
    paragraphs, after_table = [], False
    for block in blocks:
        if isinstance(block, Text):
            paragraphs.append(Paragraph(block.text.replace("\n", "\x0b")))
            after_table = False
            continue
        if after_table:
            paragraphs.append(Paragraph(""))
        for source, slots in block.laid_out():
            texts, properties = row(slots, block.columns, source.header)
            paragraphs += [Paragraph(text.replace("\n", "\x0b"), CELL, IN_TABLE) for text in texts]
            paragraphs.append(Paragraph("", CELL, ROW_END + properties))
        after_table = True
    return paragraphs


def document(made):
    """The compound file."""
    streams = dict(zip(("WordDocument", "1Table"), map(bytes, streams_of(made))))
    return biff.compound({**streams, "Data": made.data} if made.data else streams)


def streams_of(made):
    units, ends = units_of(made)
    cuts = cuts_of(made, units)
    pieces = [Piece(start, end, "".join(units[start:end])) for start, end in zip(cuts, cuts[1:])]
    stream = bytearray(TEXT_AT)
    for piece in sorted(pieces, key=lambda piece: piece.order(made)):
        piece.at = len(stream)
        data = piece.bytes(made)
        piece.width = len(data) // (piece.end - piece.start)
        stream += data + bytes(len(data) % 2)
    text_end = len(stream)
    spans = []
    for piece in sorted(pieces, key=lambda piece: piece.at):
        start = piece.start
        for paragraph, end in zip(made.paragraphs, ends):
            if piece.start < end and start < piece.end and start < end:
                stop = min(end, piece.end)
                spans.append((piece.place(start), piece.place(stop), paragraph))
                start = stop
    paragraph_pages = pages(stream, [(a, b, papx(one)) for a, b, one in spans], 13, papx_data)
    character_pages = pages(stream, [(a, b, DELETED if one.deleted else b"") for a, b, one in spans], 1, chpx_data)
    tables, places = bytearray(16), {}

    def put(index, data):
        places[index] = (len(tables), len(data))
        tables.extend(data + bytes(-len(data) % 2))

    put(1, style_sheet())
    put(12, character_pages)
    put(13, paragraph_pages)
    put(33, clx(pieces, made))
    if made.lists:
        put_lists(made, tables, places, put)
    stream[:TEXT_AT] = block(made, len(units), places, text_end, len(stream)).ljust(TEXT_AT, b"\0")
    if made.spoil:
        made.spoil(stream, tables, places)
    return stream, tables


def put_lists(made, tables, places, put):
    """The lists, their levels behind them and not counted as theirs; then the numberings and what they change."""
    at = len(tables)
    tables.extend(struct.pack("<H", len(made.lists)))
    for number, levels in enumerate(made.lists, 1):
        tables.extend(struct.pack("<II", number, number) + struct.pack("<9H", *[0x0FFF] * 9) + struct.pack("<BB", len(levels) == 1, 0))
    places[73] = (at, len(tables) - at)
    for levels in made.lists:
        for code, looks in levels + [(0xFF, "")] * (9 - len(levels) if len(levels) > 1 else 0):
            numbers = [index + 1 for index, c in enumerate(looks) if c < "\t"]
            tables.extend(struct.pack("<IBB", 1, code, 0) + bytes(numbers).ljust(9, b"\0") + b"\x02" + bytes(12))
            tables.extend(struct.pack("<H", len(looks)) + looks.encode("utf-16-le"))
    tables.extend(bytes(-len(tables) % 2))
    heads = b"".join(struct.pack("<IIIBBBB", number, 0, 0, len(starts), 0, 0, 0) for number, starts in made.numberings)
    changes = b"".join(struct.pack("<I", 0xFFFFFFFF) + b"".join(struct.pack("<II", start, level | 0x10) for level, start in starts.items()) for _, starts in made.numberings)
    put(74, struct.pack("<I", len(made.numberings)) + heads + changes)


def numbered(number, level=0):
    return sprm(0x460B, number, form="H") + sprm(0x260A, level, form="B")


def units_of(made):
    """The characters as the file counts them, a byte each in a code page; and where each paragraph ends."""
    units, ends = [], []
    for paragraph in made.paragraphs:
        text = paragraph.text + paragraph.mark
        units += [chr(byte) for byte in text.encode(made.page)] if made.page else list(text)
        ends.append(len(units))
    return units, ends


def cuts_of(made, units):
    if made.digits_as_bytes:
        kinds = [unit < "\x80" for unit in units]
        return [0, *[n for n in range(1, len(units)) if kinds[n] != kinds[n - 1]], len(units)]
    rng = random.Random("pieces")
    inner = rng.sample(range(1, len(units)), made.pieces - 1)
    return [0, *sorted({*inner, *(start for start in made.changes if start)}), len(units)]


@dataclass
class Piece:
    start: int
    end: int
    text: str
    at: int = 0
    width: int = 2

    def order(self, made):
        return random.Random(self.start).random() if made.shuffled else self.start

    def bytes(self, made):
        if made.page:
            return self.text.encode("latin-1")
        return self.text.encode("ascii") if made.digits_as_bytes and self.text.isascii() else self.text.encode("utf-16-le")

    def place(self, unit):
        return self.at + (unit - self.start) * self.width


def clx(pieces, made):
    starts = struct.pack(f"<{len(pieces) + 1}I", *[piece.start for piece in pieces], pieces[-1].end)
    place = lambda piece: piece.at if piece.width == 2 else piece.at * 2 | 0x40000000
    data = starts + b"".join(struct.pack("<HIH", 0, place(piece), made.changes.get(piece.start, 0)) for piece in pieces)
    return struct.pack("<BI", 2, len(data)) + data


def papx(paragraph):
    return struct.pack("<H", 0) + paragraph.properties


def papx_data(properties):
    if len(properties) % 2:
        return struct.pack("<B", (len(properties) + 1) // 2) + properties
    return struct.pack("<BB", 0, len(properties) // 2) + properties


def chpx_data(properties):
    return struct.pack("<B", len(properties)) + properties if properties else b""


def pages(stream, runs, entry, pack):
    """Writes the pages of runs and gives the table that lists them. An entry takes so many bytes beside its end."""
    numbers, starts, waiting = [], [], list(runs)
    while waiting:
        stream += bytes(-len(stream) % PAGE)
        page, used, taken = bytearray(PAGE), PAGE - 1, []
        known = {}
        while waiting:
            data = pack(waiting[0][2])
            size = 0 if data in known else len(data) + len(data) % 2
            if 4 * (len(taken) + 2) + entry * (len(taken) + 1) > (used - size) & ~1 or len(taken) == 100:
                break
            if size:
                used = (used - size) & ~1
                page[used:used + len(data)] = data
                known[data] = used
            taken.append((waiting.pop(0), known.get(data, 0)))
        assert taken, "the properties of one run are longer than a page"
        struct.pack_into(f"<{len(taken) + 1}I", page, 0, taken[0][0][0], *[run[1] for run, _ in taken])
        for index, (_, at) in enumerate(taken):
            page[4 * (len(taken) + 1) + entry * index] = at // 2
        page[PAGE - 1] = len(taken)
        numbers.append(len(stream) // PAGE)
        starts.append(taken[0][0][0])
        stream += page
    return struct.pack(f"<{len(starts) + 1}I", *starts, runs[-1][1]) + struct.pack(f"<{len(numbers)}I", *numbers)


def style_sheet():
    name = "Normal".encode("utf-16-le")
    style = struct.pack("<HHHHH", 0, 1 | 0xFFF << 4, 2, 0, 0) + struct.pack("<H", len(name) // 2) + name + bytes(2) + struct.pack("<HHH", 2, 0, 0)
    header = struct.pack("<HHHHHHHHH", 15, 10, 1, 0, 15, 0, 0, 0, 0)
    return struct.pack("<H", len(header)) + header + struct.pack("<H", len(style)) + style + struct.pack("<H", 0) * 14


def block(made, length, places, text_end, size):
    """The file information block of Word 97."""
    base = struct.pack("<HHHHHHHIBBHHII", 0xA5EC, made.version, 0, made.language, 0, 0x1200 | made.flags, 0x00BF, 0, 0, 0, 0, 0, TEXT_AT, text_end)
    words = struct.pack("<14H", *[0] * 13, made.language)
    longs = struct.pack("<22I", size, 0, 0, length, *[0] * 18)
    pairs = [places.get(index, (0, 0)) for index in range(93)]
    return base + struct.pack("<H", 14) + words + struct.pack("<H", 22) + longs + struct.pack("<H", 93) + b"".join(struct.pack("<II", *pair) for pair in pairs)
