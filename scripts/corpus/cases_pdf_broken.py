"""Broken, hostile and odd PDFs: each must end with an answer, and where the report is still there, with the report."""

import functools
import re
import zlib

import pdf_layout
from case import case, no_report
from pdf import Page, Pdf, Song, stream_body
from report import Report

ANY = ("corrupt", "no_report_found", "too_large", "needs_ocr", "review")


def sound(name):
    report = Report("pdf-" + name)
    return report, pdf_layout.file(report.blocks())


def one_page(content, entries="", more="", **page):
    """A file of one page with this content; `more` goes into its resources."""
    pdf = Pdf()
    first = Page(entries=entries, **page)
    first.resources = more
    first.use(Song())
    first.op(content)
    pdf.add_page(first)
    return pdf


def words(text, x=100, y=700):
    return f"BT /F1 12 Tf 1 0 0 1 {x} {y} Tm {Song().show(text)} Tj ET"


@case("broken/only-a-header.pdf", "the first line of a PDF and nothing else", "a download that broke off at once")
def only_header():
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", no_report("corrupt")


@case("broken/truncated.pdf", "a PDF cut off in the middle of its third page", "what is left is read, and that something is missing is said")
def truncated():
    report, content = sound("truncated")
    return content[: len(content) * 6 // 10], no_report("review", "corrupt", "no_report_found")


@case("broken/truncated-end.pdf", "a PDF without its table of objects", "every object is still there and can be looked for")
def truncated_end():
    report, content = sound("truncated-end")
    return content[: content.rindex(b"xref\n0")], [report.truth()]


@case("broken/places-wrong.pdf", "a table of objects that is 7 bytes off", "line ends were changed on the way: no place fits")
def places_wrong():
    report, content = sound("places-wrong")
    return re.sub(rb"(\d{10}) 00000 n", lambda place: b"%010d 00000 n" % (int(place[1]) + 7), content), [report.truth()]


@case("broken/places-loop.pdf", "a table of objects that names itself as the one before", "each table leads to an older one: a loop must end")
def places_loop():
    report, content = sound("places-loop")
    start = content.rindex(b"xref\n0")
    return content.replace(b"/Size", b"/Prev %d /Size" % start), [report.truth()]


@case("broken/junk-before.pdf", "a PDF behind the headers of a mail", "no place fits, as all have moved")
def junk_before():
    report, content = sound("junk-before")
    return b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n" + content, [report.truth()]


@case("broken/lengths-wrong.pdf", "streams that say they are half as long as they are", "the end of a stream is where endstream stands")
def lengths_wrong():
    report, content = sound("lengths-wrong")
    content = re.sub(rb"/Length (\d+)", lambda length: b"/Length %0*d" % (len(length[1]), int(length[1]) // 2), content)
    return content, [report.truth()]


@case("broken/page-tree-loop.pdf", "a page tree that is its own child", "its pages are counted once")
def page_tree_loop():
    report, content = sound("page-tree-loop")
    return content.replace(b"/Kids [", b"/Kids [2 0 R "), [report.truth()]


@case("broken/page-tree-deep.pdf", "a page tree of 1,000 levels", "a tree as deep as long")
def page_tree_deep():
    pdf = one_page(words("深"))
    inner = pdf.pages[0]
    for _ in range(1000):
        inner = pdf.add(f"<< /Type /Pages /Count 1 /Kids [{inner} 0 R] >>")
    pdf.pages = [inner]
    return pdf.file(), no_report(*ANY)


@case("broken/no-pages.pdf", "a PDF without pages", "a page tree without leaves")
def no_pages():
    return Pdf().file(), no_report(*ANY)


@case("broken/page-without-content.pdf", "a page that shows nothing", "no content, no resources")
def page_without_content():
    pdf = Pdf()
    pdf.pages.append(pdf.add(f"<< /Type /Page /Parent {pdf.tree} 0 R >>"))
    return pdf.file(), no_report(*ANY)


@case("broken/pages-claimed.pdf", "a page tree that claims a billion pages", "one is there")
def pages_claimed():
    return one_page(words("一页")).file().replace(b"/Count 1 ", b"/Count 1000000000 "), no_report(*ANY)


@case("broken/form-in-itself.pdf", "a form that draws itself", "drawn once, then never again")
def form_in_itself():
    pdf = Pdf()
    form = pdf.reserve()
    page = Page()
    page.xobjects = {"X": form}
    page.op("/X Do")
    pdf.add_page(page)
    font = Song().reference(pdf)
    entries = f"/Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << /Font << /F1 {font} 0 R >> /XObject << /X {form} 0 R >> >>"
    pdf.put(form, stream_body((words("自己") + " 1 0 0 1 5 5 cm /X Do").encode(), entries))
    return pdf.file(), no_report(*ANY)


@case("broken/forms-multiply.pdf", "twelve forms, each of which draws the next ten times", "a trillion glyphs of two kilobytes")
def forms_multiply():
    pdf = Pdf()
    font = Song().reference(pdf)
    inner = pdf.stream(words("多").encode(), f"/Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << /Font << /F1 {font} 0 R >> >>")
    for _ in range(12):
        entries = f"/Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << /XObject << /X {inner} 0 R >> >>"
        inner = pdf.stream(b"/X Do " * 10, entries)
    page = Page()
    page.xobjects = {"X": inner}
    page.op("/X Do")
    pdf.add_page(page)
    return pdf.file(), no_report(*ANY)


@case("broken/forms-mutual.pdf", "two forms that draw each other twice", "a loop over two objects")
def forms_mutual():
    pdf = Pdf()
    one, other = pdf.reserve(), pdf.reserve()
    for form, inner in ((one, other), (other, one)):
        entries = f"/Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << /XObject << /X {inner} 0 R >> >>"
        pdf.put(form, stream_body(b"0 0 100 20 re S /X Do /X Do", entries))
    page = Page()
    page.xobjects = {"X": one}
    page.op("/X Do")
    pdf.add_page(page)
    return pdf.file(), no_report(*ANY)


@case("broken/deep-arrays.pdf", "100,000 arrays within one another, in the content and in an object", "a reader that goes down with them has no stack left")
def deep_arrays():
    pdf = one_page("[" * 100_000 + " 1 TJ " + words("深"), entries="/Deep 99 0 R")
    while len(pdf.bodies) < 98:
        pdf.add("null")
    pdf.add(stream_body(b"", "/Deeper " + "[" * 6_000 + "]" * 6_000))
    pdf.add("<< /A " * 6_000 + ">>" * 6_000)
    return pdf.file(), no_report(*ANY)


@case("broken/references-in-a-ring.pdf", "objects that are only references to one another", "content, font and length lead in a ring")
def references_in_a_ring():
    pdf = Pdf()
    one, other = pdf.reserve(), pdf.reserve()
    pdf.put(one, f"{other} 0 R")
    pdf.put(other, f"{one} 0 R")
    looped = pdf.add(f"<< /Length {one} 0 R >>\nstream\n{words('环')}\nendstream")
    pdf.pages.append(pdf.add(
        f"<< /Type /Page /Parent {pdf.tree} 0 R /MediaBox {one} 0 R /Resources << /Font << /F1 {one} 0 R >> >> /Contents [{looped} 0 R {one} 0 R] >>"
    ))
    return pdf.file(), no_report(*ANY)


@functools.cache
def bomb(size):
    """Zeros packed twice: the second packing finds the first one as dull as the zeros."""
    packer, blank = zlib.compressobj(9), bytes(1 << 20)
    once = b"".join(packer.compress(blank) for _ in range(size >> 20)) + packer.flush()
    return zlib.compress(once, 9)


@case("broken/bomb-content.pdf", "a page whose content unpacks to 256 megabytes", "three kilobytes, packed twice")
def bomb_content():
    pdf = Pdf()
    content = pdf.add(stream_body(bomb(1 << 28), "/Filter [/FlateDecode /FlateDecode]", packed=False))
    pdf.pages.append(pdf.add(f"<< /Type /Page /Parent {pdf.tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R >>"))
    return pdf.file(), no_report("too_large")


@case("broken/bomb-objects.pdf", "an object stream that unpacks to 256 megabytes", "it is unpacked before any page is known")
def bomb_objects():
    pdf = one_page(words("弹"))
    pdf.add(stream_body(bomb(1 << 28), "/Type /ObjStm /N 1 /First 10 /Filter [/FlateDecode /FlateDecode]", packed=False))
    content = pdf.file()
    # Without a table of objects the reader has to look into every stream of objects.
    return content[: content.rindex(b"xref\n0")], no_report("too_large", *ANY)


@case("broken/bomb-font.pdf", "a font program and a map that unpack to 256 megabytes each", "a font is read before a word is")
def bomb_font():
    pdf = Pdf()
    packed = bomb(1 << 28)
    program = pdf.add(stream_body(packed, "/Filter [/FlateDecode /FlateDecode]", packed=False))
    names = pdf.add(f"<< /Type /FontDescriptor /FontName /Bomb /Flags 4 /FontFile {program} 0 R >>")
    font = pdf.add(f"<< /Type /Font /Subtype /Type1 /BaseFont /Bomb /FontDescriptor {names} 0 R /ToUnicode {program} 0 R >>")
    page = Page()
    page.resources = f"/Font << /F9 {font} 0 R >>"
    page.op("BT /F9 12 Tf 100 700 Td (bomb) Tj ET")
    pdf.add_page(page)
    return pdf.file(), no_report(*ANY)


@case("broken/many-glyphs.pdf", "a million glyphs on one page", "packed they are some kilobytes")
def many_glyphs():
    return one_page(f"BT /F1 1 Tf 100 700 Td {'<4E00>Tj ' * 100} ET " * 10_000).file(), no_report("too_large", *ANY)


@case("broken/many-operators.pdf", "six million saved states that are never restored", "a stack without an end")
def many_operators():
    return one_page("q " * 6_000_000 + words("堆")).file(), no_report("too_large", *ANY)


@case("broken/many-rules.pdf", "half a million strokes on one page", "a map, not a table")
def many_rules():
    return one_page("10 10 m 90 10 l S " * 500_000 + words("图")).file(), no_report("too_large", *ANY)


@case("broken/boxes-odd.pdf", "pages with boxes that are empty, turned, endless and no numbers", "a page has some size nevertheless")
def boxes_odd():
    pdf = Pdf()
    for box in ("0 0 0 0", "595 842 0 0", "-1000000000 -1000000000 1000000000 1000000000", "0 0 99999999999999999999 1", "(a) /b null 4", "0 0 595"):
        page = Page(entries=f"/CropBox [{box}] /Rotate 91 /UserUnit -3")
        page.use(Song())
        page.op(words("框"))
        pdf.add_page(page)
    return pdf.file().replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 9 -999 ]"), no_report(*ANY)


@case("broken/matrices-odd.pdf", "matrices of zeros, of huge numbers and of none", "places that are no numbers are no places")
def matrices_odd():
    huge = "9" * 300
    odd = ["0 0 0 0 0 0", f"{huge} 0 0 {huge} 0 0", f"1 0 0 1 {huge} -{huge}", "1 0 0", "0.0000000001 0 0 0.0000000001 0 0", "-1 0 0 1 500 0"]
    content = "".join(f"q {matrix} cm {words('阵')} 10 10 50 50 re B Q BT /F1 12 Tf {matrix} Tm {Song().show('阵')} Tj ET " for matrix in odd)
    content += f"BT /F1 -{huge} Tf 1 0 0 1 10 10 Tm {Song().show('大')} Tj /F1 0 Tf {Song().show('小')} Tj -12 Tz {Song().show('反')} Tj ET"
    return one_page(content).file(), no_report(*ANY)


@case("broken/operands-odd.pdf", "operators with too few, too many and the wrong operands", "what cannot be followed is passed over")
def operands_odd():
    content = "m l c re (a) w /x d [] 0 d [1 (a) /b] -1 d << /a >> gs Tf /F1 Tf (x) Tj TJ [[[1]]] TJ Do /None Do BI ID EI sh scn rg 1 rg Q Q Q EMC EMC ET "
    return one_page(content + words("操作") + " BT BT ET q").file(), no_report(*ANY)


@case("broken/font-odd.pdf", "fonts whose widths, codes and maps have no end or no sense", "ranges of four billion codes, a map that uses itself")
def font_odd():
    pdf = Pdf()
    cmap = pdf.stream(
        b"/CMapName /Own def /Own usecmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange "
        b"1 begincidrange <00000000> <FFFFFFFF> 0 endcidrange 2 beginbfrange <0000> <FFFFFFFF> <4E00> <05> <01> <D800> endbfrange",
        "/Type /CMap /CMapName /Own",
    )
    descendant = pdf.add(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Odd /DW 1e30 /W [0 4294967295 500 -5 [1 2 (a)] 7 3 1] /W2 [0 4294967295 1 2 3] "
        "/CIDSystemInfo << /Registry 1 /Ordering [] >> >>"
    )
    fonts = [
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Odd /Encoding {cmap} 0 R /DescendantFonts [{descendant} 0 R] /ToUnicode {cmap} 0 R >>",
        "<< /Type /Font /Subtype /TrueType /BaseFont /Odd /FirstChar -7 /LastChar 2147483647 /Widths [1 2 3] /Encoding << /Differences [-3 /a 2147483647 /b /c] >> >>",
        "<< /Type /Font /Subtype /Type3 /FontMatrix [0 0 0 0 0 0] /FontBBox [0 0 0 0] /CharProcs << >> /Encoding << >> >>",
        f"<< /Type /Font /Subtype /Type0 /DescendantFonts [{descendant} 0 R] /Encoding /None-H >>",
        "<< /Type /Font /Subtype /Nothing >>",
    ]
    page = Page()
    page.resources = "/Font << " + " ".join(f"/G{n} {pdf.add(font)} 0 R" for n, font in enumerate(fonts)) + " >>"
    page.op("".join(f"BT /G{n} 12 Tf 100 {700 - 20 * n} Td <0041FFFF4E00> Tj (abc) Tj ET " for n in range(len(fonts))))
    pdf.add_page(page)
    return pdf.file(), no_report(*ANY)


@case("broken/encryption-unknown.pdf", "encrypted by a handler that nobody knows", "nothing can be made of it: encrypted, or damaged")
def encryption_unknown():
    pdf = one_page(words("密"))
    handler = pdf.add("<< /Filter /Nobody /V 9 /R 9 /O (a) /U (b) /P -1 >>")
    return pdf.file(lambda pdf: f"/Encrypt {handler} 0 R /ID [<00> <00>]"), no_report("encrypted", "corrupt")


@case("pdf/second-revision.pdf", "a report that was corrected by writing a new page behind its end", "the last revision of an object counts")
def second_revision():
    report = Report("pdf-second-revision")
    content = pdf_layout.file(report.blocks())
    first = int(re.search(rb"/Kids \[(\d+) 0 R", content)[1])
    page = re.search(rb"\n%d 0 obj\n(.*?)\nendobj" % first, content, re.DOTALL)[1]
    return revised(content, page, first), [report.truth()]


def revised(content, page, number):
    """The file as it was with a page without words, and behind its end the page as it is to be."""
    blank = re.sub(rb"/Contents \d+ 0 R", lambda entry: b" " * len(entry[0]), page)
    old = content.replace(page, blank)
    place, start = len(old), content.rindex(b"xref\n0")
    new = b"%d 0 obj\n%s\nendobj\n" % (number, page)
    trailer = re.search(rb"trailer\n<< (.*?) >>", content)[1]
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (number, place, trailer, start, place + len(new))
    return old + new + table
