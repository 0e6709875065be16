"""Fonts that are in the file: a few glyphs of WenQuanYi Zen Hei under every way of naming them [ISO 32000-1, 9.7]."""

from functools import cache
from pathlib import Path

from case import Missing
from truetype import ZEN_HEI, Font

CMAPS = Path("/usr/share/poppler/cMap/Adobe-GB1")


@cache
def zen_hei():
    if not ZEN_HEI.exists():
        raise Missing(f"{ZEN_HEI} is not there (fonts-wqy-zenhei)")
    return Font()


class Embedded:
    """Identity-H: the codes are the glyphs of the font in the file, numbered as they were first shown. ToUnicode says what they are."""

    encoding, ordering = "Identity-H", "Identity"

    def __init__(self, name="F1", base="AAAAAA+WenQuanYiZenHei", to_unicode=True):
        self.name, self.base, self.to_unicode = name, base, to_unicode
        self.glyphs, self.number = {}, None  # character -> code

    def glyph(self, char):
        return zen_hei().map[ord(char)]

    def code(self, char):
        return self.glyphs.setdefault(char, len(self.glyphs) + 1)

    def show(self, text):
        return "<" + "".join(f"{self.code(char):04X}" for char in text) + ">"

    def advance(self, text):
        return sum(zen_hei().advance(self.glyph(char)) for char in text)

    def reference(self, pdf):
        if self.number is None:
            self.number = pdf.reserve()
            pdf.resources.append(lambda: self.finish(pdf))
        return self.number

    def finish(self, pdf):
        descendant = pdf.add(self.descendant(pdf))
        unicode = f"/ToUnicode {pdf.stream(self.cmap().encode())} 0 R " if self.to_unicode else ""
        pdf.put(self.number, f"<< /Type /Font /Subtype /Type0 /BaseFont /{self.base} /Encoding /{self.encoding} {unicode}"
                             f"/DescendantFonts [{descendant} 0 R] >>")

    def descendant(self, pdf):
        widths = " ".join(f"{cid} [{round(1000 * zen_hei().advance(self.glyph(char)))}]" for char, cid in self.cids())
        return (f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{self.base} /CIDSystemInfo << /Registry (Adobe) "
                f"/Ordering ({self.ordering}) /Supplement 0 >> /DW 1000 /W [{widths}] {self.to_glyphs(pdf)} "
                f"/FontDescriptor {self.descriptor(pdf)} 0 R >>")

    def descriptor(self, pdf):
        font = zen_hei().subset([self.glyph(char) for char in self.glyphs])
        file = pdf.stream(font, f"/Length1 {len(font)}")
        return pdf.add(f"<< /Type /FontDescriptor /FontName /{self.base} /Flags 4 /FontBBox [-130 -180 1000 950] /ItalicAngle 0 "
                       f"/Ascent 950 /Descent -180 /CapHeight 850 /StemV 80 /FontFile2 {file} 0 R >>")

    def cids(self):
        return sorted(self.glyphs.items(), key=lambda item: item[1])

    def to_glyphs(self, _):
        return "/CIDToGIDMap /Identity"

    def unicode(self, char):
        return char

    def cmap(self):
        """A ToUnicode CMap (9.10.3), in blocks of a hundred as the format asks."""
        entries = [f"<{code:04X}> <{self.unicode(char).encode('utf-16-be').hex().upper()}>" for char, code in self.glyphs.items()]
        blocks = [entries[at:at + 100] for at in range(0, len(entries), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return ("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\nendcmap\nend\nend\n")


class Vertical(Embedded):
    """The same, written from top to bottom."""

    encoding = "Identity-V"


class Gbk(Embedded):
    """GBK-EUC-H without ToUnicode: the codes are GBK, a stream leads from the CIDs of Adobe-GB1 to the glyphs. WPS writes such fonts."""

    encoding, ordering = "GBK-EUC-H", "GB1"

    def show(self, text):
        for char in text:
            self.code(char)
        return f"<{text.encode('gbk').hex().upper()}>"

    def __init__(self, name="F1", base="AAAAAA+SimSun"):
        super().__init__(name, base, to_unicode=False)

    def cids(self):
        return sorted(((char, cid_of(char)) for char in self.glyphs), key=lambda item: item[1])

    def to_glyphs(self, pdf):
        cids = self.cids()
        places = bytearray(2 * (cids[-1][1] + 1))
        for char, cid in cids:
            places[2 * cid:2 * cid + 2] = self.glyphs[char].to_bytes(2, "big")
        return f"/CIDToGIDMap {pdf.stream(bytes(places))} 0 R"


@cache
def gbk_cids():
    """From code to CID, read from the CMap of Adobe as poppler installs it."""
    path = CMAPS / "GBK-EUC-H"
    if not path.exists():
        raise Missing(f"{path} is not there (poppler-data)")
    cids, kind = {}, ""
    for line in path.read_text("latin-1").splitlines():
        words = line.split()
        if words and words[-1].startswith(("begincid", "endcid")):
            kind = words[-1]
        elif kind == "begincidrange":
            first, last, cid = int(words[0][1:-1], 16), int(words[1][1:-1], 16), int(words[2])
            cids.update({code: cid + code - first for code in range(first, last + 1)})
        elif kind == "begincidchar":
            cids[int(words[0][1:-1], 16)] = int(words[1])
    return cids


def cid_of(char):
    return gbk_cids()[int.from_bytes(char.encode("gbk"), "big")]


NAMES = dict(zip("0123456789.+-/ :()[]%,", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "period", "plus", "hyphen",
                                          "slash", "space", "colon", "parenleft", "parenright", "bracketleft", "bracketright", "percent", "comma"]))


class GlyphNames:
    """A simple font that every viewer has; half an em a glyph, so that it fits where the Chinese font had its digits."""

    def __init__(self, base, name="Latin"):
        self.base, self.name, self.number = base, name, None

    def show(self, text):
        return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"

    def reference(self, pdf):
        if self.number is None:
            self.number = pdf.add(f"<< /Type /Font /Subtype /Type1 /BaseFont /{self.base} /Encoding /WinAnsiEncoding "
                                  f"/FirstChar 32 /LastChar 126 /Widths [{' '.join(['500'] * 95)}] >>")
        return self.number


class Pictures(GlyphNames):
    """A Type3 font (9.6.5): each glyph a small drawing, the strokes of a pocket calculator."""

    LIT = {"0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc", "8": "abcdefg", "9": "abcdfg", "-": "g"}
    BARS = {"a": (80, 660, 340, 60), "b": (360, 370, 60, 290), "c": (360, 60, 60, 290), "d": (80, 0, 340, 60), "e": (60, 60, 60, 290),
            "f": (60, 370, 60, 290), "g": (80, 330, 340, 60)}

    def __init__(self, to_unicode=False):
        super().__init__("", "LatinPictures")
        self.to_unicode = to_unicode

    def reference(self, pdf):
        if self.number is None:
            name = (lambda char: f"g{ord(char)}") if self.to_unicode else NAMES.__getitem__
            programs = " ".join(f"/{name(char)} {pdf.stream(self.program(char).encode(), packed=False)} 0 R" for char in NAMES)
            differences = " ".join(f"{ord(char)} /{name(char)}" for char in NAMES)
            unicode = f"/ToUnicode {pdf.stream(self.map().encode())} 0 R" if self.to_unicode else ""
            self.number = pdf.add(f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 720] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 32 /LastChar 126 "
                                  f"/Widths [{' '.join(['500'] * 95)}] /CharProcs << {programs} >> /Encoding << /Differences [{differences}] >> "
                                  f"/Resources << >> {unicode} >>")
        return self.number

    def program(self, char):
        bars = [self.BARS[bar] for bar in self.LIT.get(char, "")] or ([(200, 0, 80, 80)] if char.strip() else [])
        return "500 0 0 0 500 720 d1 " + " ".join(f"{x} {y} {wide} {high} re f" for x, y, wide, high in bars)

    def map(self):
        entries = "\n".join(f"<{ord(char):02X}> <{ord(char):04X}>" for char in NAMES)
        return ("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Digits def\n/CMapType 2 def\n"
                f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{len(NAMES)} beginbfchar\n{entries}\nendbfchar\nendcmap\nend\nend\n")
