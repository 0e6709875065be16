"""The glyphs of a few characters, cut out of a TrueType font [OpenType 1.9: glyf, loca, hmtx]."""

import struct
from pathlib import Path

ZEN_HEI = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")


class Font:
    def __init__(self, path=ZEN_HEI):
        self.data = path.read_bytes()
        start = struct.unpack(">I", self.data[12:16])[0] if self.data[:4] == b"ttcf" else 0
        count = struct.unpack(">H", self.data[start + 4:start + 6])[0]
        self.tables = {}
        for entry in range(count):
            at = start + 12 + 16 * entry
            tag, _, offset, length = struct.unpack(">4sIII", self.data[at:at + 16])
            self.tables[tag.decode()] = self.data[offset:offset + length]
        head = self.tables["head"]
        self.em = struct.unpack(">H", head[18:20])[0]
        self.long = struct.unpack(">h", head[50:52])[0] == 1
        self.metrics = struct.unpack(">H", self.tables["hhea"][34:36])[0]
        self.map = self.characters()

    def characters(self):
        """From code point to glyph: the format 12 subtable, or the format 4 one."""
        cmap = self.tables["cmap"]
        offsets = [struct.unpack(">I", cmap[8 + 8 * i:12 + 8 * i])[0] for i in range(struct.unpack(">H", cmap[2:4])[0])]
        glyphs = {}
        for offset in offsets:
            kind = struct.unpack(">H", cmap[offset:offset + 2])[0]
            if kind == 12:
                for i in range(struct.unpack(">I", cmap[offset + 12:offset + 16])[0]):
                    first, last, glyph = struct.unpack(">III", cmap[offset + 16 + 12 * i:offset + 28 + 12 * i])
                    glyphs.update({code: glyph + code - first for code in range(first, last + 1)})
            elif kind == 4:
                glyphs = self.segments(cmap[offset:]) | glyphs
        return glyphs

    def segments(self, table):
        size = struct.unpack(">H", table[6:8])[0]
        part = lambda at: struct.unpack(f">{size // 2}H", table[at:at + size])
        ends, starts, deltas, ranges = part(14), part(16 + size), part(16 + 2 * size), part(16 + 3 * size)
        glyphs = {}
        for i, (end, start, delta, offset) in enumerate(zip(ends, starts, deltas, ranges)):
            for code in range(start, min(end, 0xFFFE) + 1):
                if offset:
                    at = 16 + 3 * size + 2 * i + offset + 2 * (code - start)
                    glyph = struct.unpack(">H", table[at:at + 2])[0]
                    glyph = (glyph + delta) % 65536 if glyph else 0
                else:
                    glyph = (code + delta) % 65536
                if glyph:
                    glyphs[code] = glyph
        return glyphs

    def advance(self, glyph):
        at = 4 * min(glyph, self.metrics - 1)
        return struct.unpack(">H", self.tables["hmtx"][at:at + 2])[0] / self.em

    def outline(self, glyph):
        loca = self.tables["loca"]
        if self.long:
            start, end = struct.unpack(">II", loca[4 * glyph:4 * glyph + 8])
        else:
            start, end = (2 * at for at in struct.unpack(">HH", loca[2 * glyph:2 * glyph + 4]))
        return without_instructions(self.tables["glyf"][start:end])

    def subset(self, glyphs):
        """A font of the given glyphs, numbered from 1 in their order; 0 is empty. It holds what a PDF asks for and no more."""
        outlines = [b""] + [self.outline(glyph) for glyph in glyphs]
        for outline in outlines:
            assert len(outline) < 2 or struct.unpack(">h", outline[:2])[0] >= 0, "a composite glyph"
        places, glyf = [0], b""
        for outline in outlines:
            glyf += outline + b"\0" * (-len(outline) % 4)
            places.append(len(glyf))
        hmtx = b"".join(struct.pack(">Hh", round(self.em * self.advance(glyph)), 0) for glyph in [0, *glyphs])
        count = len(outlines)
        head, hhea, maxp = self.tables["head"], self.tables["hhea"], self.tables["maxp"]
        return sfnt({
            "glyf": glyf,
            "head": head[:8] + b"\0\0\0\0" + head[12:20] + b"\0" * 16 + head[36:50] + struct.pack(">hh", 1, 0),
            "hhea": hhea[:34] + struct.pack(">H", count),
            "hmtx": hmtx,
            "loca": struct.pack(f">{count + 1}I", *places),
            "maxp": maxp[:4] + struct.pack(">H", count) + maxp[6:],
        })


def without_instructions(outline):
    """A simple glyph without its hints; they need tables that are left out."""
    contours = struct.unpack(">h", outline[:2])[0] if outline else 0
    if contours <= 0:
        return outline
    at = 10 + 2 * contours
    length = struct.unpack(">H", outline[at:at + 2])[0]
    return outline[:at] + b"\0\0" + outline[at + 2 + length:]


def sfnt(tables):
    """A font file of the tables."""
    count, at = len(tables), 12 + 16 * len(tables)
    power = 1 << (count.bit_length() - 1)
    out = struct.pack(">IHHHH", 0x00010000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    body = b""
    for tag, data in sorted(tables.items()):
        padded = data + b"\0" * (-len(data) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) % (1 << 32)
        out += struct.pack(">4sIII", tag.encode(), total, at + len(body), len(data))
        body += padded
    return out + body
