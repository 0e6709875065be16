"""Files made of finished pages: wrapped in form XObjects, or with a picture among them [ISO 32000-1, 8.10]."""

from pdf import Page, Pdf, stream_body


def whole(pages, encrypt=None):
    pdf = Pdf()
    for page in pages:
        if isinstance(page, PicturePage):
            page.xobjects["Scan"] = picture(pdf)
        pdf.add_page(page)
    return pdf.file(encrypt)


def wrapped(pages, matrices):
    """Each page only calls a form, which calls another, one for each matrix; the innermost holds the content."""
    pdf = Pdf()
    for page in pages:
        fonts = " ".join(f"/{font.name} {font.reference(pdf)} 0 R" for font in page.fonts)
        resources = f"/Font << {fonts} >>"
        content, inner = "\n".join(page.ops), None
        for matrix in reversed(matrices):
            inner = pdf.stream(content.encode("latin-1"), f"/Type /XObject /Subtype /Form /BBox [-2000 -2000 2000 2000] /Matrix [{matrix}] "
                                                         f"/Resources << {resources} >>")
            content, resources = "q /Inner Do Q", f"/XObject << /Inner {inner} 0 R >>"
        outer = Page(page.width, page.height, page.media, page.entries)
        outer.xobjects["Inner"] = inner
        outer.op("q /Inner Do Q")
        pdf.add_page(outer)
    return pdf.file()


def under_pictures(pages):
    """Each page a picture, and what it held before over it."""
    pdf = Pdf()
    for page in pages:
        page.ops.insert(0, "q 595 0 0 842 0 0 cm /Scan Do Q")
        page.xobjects["Scan"] = picture(pdf)
        pdf.add_page(page)
    return pdf.file()


class PicturePage(Page):
    """A page filled by one picture, as a scanner makes it."""

    def __init__(self):
        super().__init__()
        self.op("q 595 0 0 842 0 0 cm /Scan Do Q")
        self.xobjects["Scan"] = None


def picture(pdf):
    """Grey stripes where lines of text would be: 1 bit a point."""
    rows = b"".join((b"\xff" * 75 if row % 14 < 8 else b"\xff" * 8 + b"\xa5" * 59 + b"\xff" * 8) for row in range(842))
    return pdf.add(stream_body(rows, "/Type /XObject /Subtype /Image /Width 600 /Height 842 /ColorSpace /DeviceGray /BitsPerComponent 1"))
