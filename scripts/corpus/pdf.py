"""PDF written by hand, so that every construct under test is exactly the one named [ISO 32000]."""

import zlib


class Pdf:
    """A file in the making: numbered objects, and the pages in order."""

    def __init__(self, version="1.7"):
        self.version, self.bodies, self.pages, self.resources = version, [], [], []
        self.catalog, self.tree = self.reserve(), self.reserve()

    def reserve(self):
        """The number of an object that is written later."""
        self.bodies.append(None)
        return len(self.bodies)

    def put(self, number, body):
        self.bodies[number - 1] = body if isinstance(body, bytes) else body.encode("latin-1")

    def add(self, body):
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, data, entries="", packed=True):
        return self.add(stream_body(data, entries, packed))

    def add_page(self, page):
        """Takes the page's content as it is now."""
        content = self.stream("\n".join(page.ops).encode("latin-1"))
        names = {"Font": {font.name: font.reference(self) for font in page.fonts}, "XObject": page.xobjects}
        resources = "".join(f"/{kind} << {' '.join(f'/{name} {n} 0 R' for name, n in held.items())} >> " for kind, held in names.items() if held)
        number = self.add(
            f"<< /Type /Page /Parent {self.tree} 0 R /MediaBox [{numbers(page.media)}] {page.entries} "
            f"/Resources << {resources}{page.resources} >> /Contents {content} 0 R >>"
        )
        self.pages.append(number)

    def file(self, encrypt=None):
        """The bytes. Fonts write their objects now, as only now it is known which characters they show."""
        for finish in self.resources:
            finish()
        self.put(self.catalog, f"<< /Type /Catalog /Pages {self.tree} 0 R >>")
        self.put(self.tree, f"<< /Type /Pages /Count {len(self.pages)} /Kids [{' '.join(f'{page} 0 R' for page in self.pages)}] >>")
        trailer = ""
        if encrypt:
            trailer = encrypt(self)
        out, places = bytearray(f"%PDF-{self.version}\n%\xe2\xe3\xcf\xd3\n".encode("latin-1")), []
        for number, body in enumerate(self.bodies, 1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += f"trailer\n<< /Size {len(places) + 1} /Root {self.catalog} 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode("latin-1")
        return bytes(out)


def stream_body(data, entries="", packed=True):
    """A stream object's body; packed with the same settings on every run."""
    if packed:
        data, entries = zlib.compress(data, 9), entries + " /Filter /FlateDecode"
    return f"<< /Length {len(data)} {entries} >>\nstream\n".encode("latin-1") + data + b"\nendstream"


class Page:
    """The content of one page. Points from the top left corner, y down, are turned to the file's y up here and nowhere else."""

    def __init__(self, width=595, height=842, media=None, entries=""):
        self.width, self.height = width, height
        self.media = media or (0, 0, width, height)
        self.entries, self.resources = entries, ""
        self.ops, self.fonts, self.xobjects = [], [], {}

    def op(self, text):
        self.ops.append(text)

    def use(self, font):
        if font not in self.fonts:
            self.fonts.append(font)

    def text(self, x, y, size, text, font, before="", matrix=None):
        """One run with its baseline at y. `before` are further text operators, `matrix` the upper part of the text matrix."""
        if not text:
            return
        self.use(font)
        a, b, c, d = matrix or (1, 0, 0, 1)
        place = numbers((a, b, c, d, x, self.height - y))
        self.op(f"BT /{font.name} {number(size)} Tf {before}{place} Tm {font.show(text)} Tj ET")

    def line(self, x0, y0, x1, y1):
        self.op(f"{numbers((x0, self.height - y0))} m {numbers((x1, self.height - y1))} l S")

    def fill(self, left, top, right, bottom):
        self.op(f"{numbers((left, self.height - bottom, right - left, bottom - top))} re f")


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def numbers(values):
    return " ".join(number(value) for value in values)


class Song:
    """A font that is only named, as reportlab and old Chinese producers do it: the predefined CMap says what the codes are."""

    def __init__(self, encoding="UniGB-UCS2-H", name="F1", base="STSong-Light"):
        self.encoding, self.name, self.base, self.number = encoding, name, base, None

    def show(self, text):
        return f"<{self.codes(text).hex().upper()}>"

    def codes(self, text):
        return text.encode("utf-16-be" if self.encoding.startswith("Uni") else "gb18030" if "2K" in self.encoding else "gbk")

    def advance(self, text):
        """The width of the text in parts of the font size."""
        return sum(0.5 if ord(char) < 128 else 1 for char in text)

    def reference(self, pdf):
        if self.number is None:
            descriptor = pdf.add(
                f"<< /Type /FontDescriptor /FontName /{self.base} /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
                "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            )
            # CIDs 1 to 95 are the proportional Latin letters, 814 to 907 the half-width ones; here both are half an em wide.
            descendant = pdf.add(
                f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{self.base} /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
                f"/Supplement 4 >> /DW 1000 /W [1 95 500 814 907 500] /FontDescriptor {descriptor} 0 R >>"
            )
            self.number = pdf.add(
                f"<< /Type /Font /Subtype /Type0 /BaseFont /{self.base} /Encoding /{self.encoding} /DescendantFonts [{descendant} 0 R] >>"
            )
        return self.number
