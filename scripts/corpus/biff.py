"""BIFF and XLSB written by hand [MS-XLS, MS-XLSB], and the compound file around BIFF [MS-CFB]."""

import struct

import docx
import xlsx


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def short_text(text, page):
    data = text.encode(page)
    return bytes([len(data)]) + data


def biff5(sheet, page="gbk", number=936, before=b""):
    """The stream of a workbook of Excel 95 with one sheet; `before` are further records at its beginning."""
    codes = {code: 164 + n for n, code in enumerate(sorted({slot.format for slot in sheet.slots.values()} - {"General"}))}
    looks = {("General", False): 0}
    for slot in sheet.slots.values():
        looks.setdefault((slot.format, slot.border), len(looks))
    formats = b"".join(record(0x041E, struct.pack("<H", id) + short_text(code, page)) for code, id in codes.items())
    lines = lambda border: struct.pack("<II", (1 << 22) if border else 0, 0x49 if border else 0)
    styles = b"".join(record(0x00E0, struct.pack("<HHHHBB", 0, codes.get(code, 0), 0, 0x20, 0, 0)[:8] + lines(border)) for code, border in looks)
    head = record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0x096C, 0x07CD)) + before + record(0x0042, struct.pack("<H", number)) + formats + styles
    name = short_text(sheet.name, page)
    at = len(head) + 4 + 6 + len(name) + 4
    head += record(0x0085, struct.pack("<IBB", at, 0, 0) + name) + record(0x000A)
    cells = []
    for (row, column), slot in sorted(sheet.slots.items(), key=lambda item: item[0]):
        place = struct.pack("<HHH", row, column, looks[slot.format, slot.border])
        if slot.value is None:
            cells.append(record(0x0201, place))
        elif isinstance(slot.value, str):
            data = slot.value.encode(page)
            cells.append(record(0x0204, place + struct.pack("<H", len(data)) + data))
        else:
            cells.append(record(0x0203, place + struct.pack("<d", float(slot.value))))
    merges = b"".join(struct.pack("<HHHH", row, row + rows - 1, column, column + columns - 1) for row, column, rows, columns in sheet.merges)
    # BIFF5 has no merged cells; those who write them all the same use the record of BIFF8, in which a count of cells fits.
    merged = b"".join(record(0x00E5, struct.pack("<H", len(merges[at:at + 8000]) // 8) + merges[at:at + 8000]) for at in range(0, len(merges), 8000))
    return head + record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0x096C, 0x07CD)) + b"".join(cells) + merged + record(0x000A)


def compound(streams):
    """A compound file of these streams, each made long enough to stand outside the small sectors."""
    sector = 512
    padded = {name: data + bytes(max(0, 4096 - len(data))) for name, data in streams.items()}
    sectors, table, starts = [], [], {}
    for name, data in padded.items():
        count = -(-len(data) // sector)
        starts[name] = len(table)
        table += [*range(len(table) + 1, len(table) + count), 0xFFFFFFFE]
        sectors.append(data + bytes(count * sector - len(data)))
    directory_at = len(table)
    table.append(0xFFFFFFFE)
    names = sorted(padded, key=lambda name: (len(name), name.upper()))

    def entry(name, kind, right, child, start, size):
        data = (name.encode("utf-16-le") + bytes(2)) if name else b""
        return data.ljust(64, b"\0") + struct.pack("<HBBIII", len(data), kind, 1, 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 0xFFFFFFFF, 1, 0xFFFFFFFE, 0)
    for n, name in enumerate(names, 1):
        directory += entry(name, 2, n + 1 if n < len(names) else 0xFFFFFFFF, 0xFFFFFFFF, starts[name], len(padded[name]))
    directory += entry("", 0, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0) * ((-len(directory) % sector) // 128)
    assert len(directory) == sector, "at most three streams"
    sectors.append(directory)
    tables = -(-(len(table) + 1) // 127)
    table_at = len(table)
    table += [0xFFFFFFFD] * tables
    table += [0xFFFFFFFF] * (tables * 128 - len(table))
    sectors.append(struct.pack(f"<{len(table)}I", *table))
    places = [table_at + n for n in range(tables)] + [0xFFFFFFFF] * (109 - tables)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, directory_at, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", *places)
    return header + b"".join(sectors)


def part(records):
    """The records of a part of an XLSB: (kind, bytes)."""
    return b"".join(seven_bits(kind) + seven_bits(len(data)) + data for kind, data in records)


def seven_bits(number):
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + seven_bits(rest) if rest else bytes([low])


def wide(text):
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def xlsb(*sheets):
    """A whole XLSB."""
    codes = {code: 164 + n for n, code in enumerate(sorted({slot.format for sheet in sheets for slot in sheet.slots.values()} - {"General"}))}
    looks, strings = {("General", False): 0}, {}
    parts = {}
    for n, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{n}.bin"] = part(sheet_records(sheet, looks, strings))
    border = lambda line: b"\0" + (struct.pack("<H", line) + bytes(8)) * 5
    styles = [(278, b""), *[(44, struct.pack("<H", id) + wide(code)) for code, id in codes.items()], (613, struct.pack("<I", 2)), (46, border(0)), (46, border(1)), (614, b"")]
    styles += [(626, struct.pack("<I", 1)), (47, struct.pack("<HHHHH", 0xFFFF, 0, 0, 0, 0) + bytes(6)), (627, b""), (617, struct.pack("<I", len(looks)))]
    styles += [(47, struct.pack("<HHHHH", 0, codes.get(code, 0), 0, 0, int(border)) + bytes(6)) for code, border in looks] + [(618, b""), (279, b"")]
    parts["xl/styles.bin"] = part(styles)
    parts["xl/sharedStrings.bin"] = part([(159, struct.pack("<II", len(strings), len(strings))), *[(19, b"\0" + wide(text)) for text in strings], (160, b"")])
    states = {"visible": 0, "hidden": 1, "veryHidden": 2}
    listed = [(156, struct.pack("<II", states[sheet.state], n) + wide(f"rId{n}") + wide(sheet.name)) for n, sheet in enumerate(sheets, 1)]
    parts["xl/workbook.bin"] = part([(131, b""), (153, struct.pack("<II", 0, 0) + wide("")), (143, b""), *listed, (144, b""), (132, b"")])
    kind = "application/vnd.ms-excel."
    types = {"xl/workbook.bin": "sheet.binary.macroEnabled.main", "xl/styles.bin": "styles", "xl/sharedStrings.bin": "sharedStrings"}
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}{types.get(name, "worksheet")}"/>' for name in parts)
    relations = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.bin") for n, _ in enumerate(sheets, 1)] + [("rIdA", "styles", "styles.bin"), ("rIdB", "sharedStrings", "sharedStrings.bin")]
    relations = "".join(f'<Relationship Id="{id}" Type="{xlsx.OFFICE}/{kind}" Target="{target}"/>' for id, kind, target in relations)
    return docx.archive({
        "[Content_Types].xml": docx.part(f'<Types xmlns="{xlsx.PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="application/octet-stream"/>{overrides}</Types>'),
        "_rels/.rels": docx.part(f'<Relationships xmlns="{xlsx.PACKAGE}/relationships"><Relationship Id="rId1" Type="{xlsx.OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>'),
        "xl/_rels/workbook.bin.rels": docx.part(f'<Relationships xmlns="{xlsx.PACKAGE}/relationships">{relations}</Relationships>'),
        **parts,
    })


def sheet_records(sheet, looks, strings):
    records = [(129, b""), (148, struct.pack("<IIII", 0, 100, 0, 20))]
    if sheet.hidden_columns:
        records += [(390, b""), *[(60, struct.pack("<IIIIH", n, n, 2304, 0, 1)) for n in sorted(sheet.hidden_columns)], (391, b"")]
    records.append((145, b""))
    last = None
    for (row, column), slot in sorted(sheet.slots.items(), key=lambda item: item[0]):
        if row != last:
            last = row
            records.append((0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0x10 if row in sheet.hidden_rows else 0, 0, 0)))
        head = struct.pack("<II", column, looks.setdefault((slot.format, slot.border), len(looks)))
        if slot.value is None:
            records.append((1, head))
        elif isinstance(slot.value, str):
            records.append((7, head + struct.pack("<I", strings.setdefault(slot.value, len(strings)))))
        elif slot.value == int(slot.value):
            records.append((2, head + struct.pack("<i", int(slot.value) << 2 | 2)))
        else:
            records.append((5, head + struct.pack("<d", float(slot.value))))
    records.append((146, b""))
    merges = [(176, struct.pack("<IIII", row, row + rows - 1, column, column + columns - 1)) for row, column, rows, columns in sheet.merges]
    return records + [(177, struct.pack("<I", len(merges))), *merges, (178, b""), (130, b"")]
