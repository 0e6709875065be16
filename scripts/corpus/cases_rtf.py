"""Reports as RTF: documents of ours as LibreOffice saves them, others with what it never writes, and broken ones."""

import random
from dataclasses import dataclass

import rtf
from case import CASES, Made, case, no_report
from cases_doc import SAVED, by_libreoffice
from report import Report
from table import Text


@dataclass
class MadeRtf(Made):
    """Behind the last brace nothing may stand: what the file was made of is said in a group that every reader skips, and the brace after it."""

    def mark(self):
        return b"{\\*\\" + super().mark().strip(b"%\n").replace(b" by", b"by", 1) + b"}}\n"


def as_rtf(document):
    """The document as LibreOffice saves it; the last brace stands in the mark."""
    def make():
        return by_libreoffice(document, "rtf", "Rich Text Format").rstrip().removesuffix(b"}")
    return MadeRtf("LibreOffice", document, make)


def saved(name, why):
    """Registers what LibreOffice makes of a DOCX of the corpus."""
    source = next(other for other in CASES if other.path == f"docx/{name}.docx")

    @case(f"rtf/{name}.rtf", f"{source.title}, saved as RTF", why)
    def make():
        document, truth = source.make()
        return as_rtf(document), truth


# What differs from DOC: how the same thing is said here.
SAID = {
    "plain-2021": "every cell its own figure; the edges of cells are counted in twips",
    "nested-once": "a nested table describes its rows behind them",
    "nested-twice": "tables three deep, each row described apart",
    "grid-before": "rows that begin at another left edge",
    "title-in-text-box": "a text box stands where it is anchored",
    "table-in-text-box": "a table in a text box, in the middle of a paragraph",
    "numbered-headings": "numbers as shown; in the list LibreOffice has a question mark for 、",
    "numbered-by-style": "numbers as shown; the style is not asked",
    "numbered-all-labels": "numbers as shown, through the cells of a table",
    "changes-in-figures": "deleted characters stand in groups that say so",
    "hidden-text": "hidden characters stand in groups that say so",
    "hyperlinks": "a field is a group, and so is its result",
    "symbols": "a symbol is a code in a font of symbols",
    "notes-and-comments": "footnotes and comments stand in the text, in groups of their own",
    "traditional": "characters in Unicode, with one for older programs behind each",
}

for name, why in SAVED.items():
    saved(name, SAID.get(name, why))


# By hand: what LibreOffice never writes.

def made(name, head=rtf.HEAD, blocks=None, **look):
    report = Report(name)
    return rtf.document(rtf.of_blocks(blocks or report.blocks(), **look), head), [report.truth()]


@case("rtf/gbk-cut.rtf", "every Chinese character cut in two by its runs", "the first byte in one group, the second in the next")
def gbk_cut():
    return made("gbk-cut", write=rtf.cut_gbk)


@case("rtf/gbk-undeclared.rtf", "GBK where western Windows is declared", "no font says Chinese: the bytes tell, and a warning says so")
def gbk_undeclared():
    return made("gbk-undeclared", head=r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}}")


@case("rtf/gbk-as-it-is.rtf", "bytes of GBK as they are, none of them escaped", "programs that write RTF like plain text")
def gbk_as_it_is():
    report = Report("gbk-as-it-is")
    return (rtf.HEAD + rtf.of_blocks(report.blocks(), write=rtf.escaped) + "}").encode("gbk"), [report.truth()]


@case("rtf/utf-8-as-it-is.rtf", "UTF-8 as it is, and no word of it", "scripts that paste text into a frame of RTF")
def utf_8():
    return made("utf-8-as-it-is", write=rtf.escaped)


@case("rtf/two-code-pages.rtf", "characters in the bytes of Big5 where it has them, else in those of GBK", "each font says which")
def two_code_pages():
    def one(c):
        try:
            return rf"{{\f14 {rtf.in_bytes('big5')(c)}}}"
        except UnicodeEncodeError:
            return rtf.gbk(c)
    return made("two-code-pages", write=lambda text: "".join(c if c.isascii() else one(c) for c in rtf.escaped(text)))


@case("rtf/unicode-substitutes.rtf", "characters in Unicode with two bytes of GBK in the place of each", "uc2: the substitutes are passed over, and codes above 32767 are negative")
def unicode_substitutes():
    return made("unicode-substitutes", head=rtf.HEAD + r"\uc2 ", write=lambda text: rtf.unicode(text, rtf.gbk, negative=True))


@case("rtf/textedit.rtf", "as TextEdit of macOS writes: no substitutes, paragraphs ended by a backslash", "uc0, and a line end behind a backslash is a paragraph mark")
def textedit():
    head = r"{\rtf1\ansi\ansicpg936\cocoartf2639{\fonttbl\f0\fnil\fcharset134 PingFangSC-Regular;\f1\fswiss\fcharset0 Helvetica;}\deftab720\f0\fs24\uc0 "
    return made("textedit", head=head, write=lambda text: rtf.unicode(text, lambda c: " "), paragraph=lambda text, block: text + "\\\n", lay=rtf.bare)


@case("rtf/merged-by-flags.rtf", "every cell of the grid, merged across and down by flags", "clmgf and clmrg: covered cells are there and empty")
def merged_by_flags():
    def row(slots, columns, header, write):
        looks, cells = "", []
        for column, cell, begins in slots:
            down = "" if cell.rows == 1 else r"\clvmgf" if begins else r"\clvmrg"
            for step in range(cell.columns):
                across = "" if cell.columns == 1 else r"\clmrg" if step else r"\clmgf"
                looks += rf"{down}{across}\cellx{600 * (column + step + 1)}"
                cells.append(write(cell.text) if begins and not step else "")
        return cells, r"\trowd" + (r"\trhdr" if header else "") + looks
    return made("rtf-merged-by-flags", row=row)


@case("rtf/described-behind.rtf", "rows that are described behind their cells alone", "the words about a row hold for the row mark that they stand before")
def described_behind():
    return made("described-behind", lay=rtf.behind)


@case("rtf/bare.rtf", "no paragraph says that it stands in a table", "no pard, no intbl: the marks of cells and rows alone")
def bare():
    return made("rtf-bare", lay=rtf.bare, paragraph=lambda text, block: text + "\\par\n")


@case("rtf/edges-apart-rtf.rtf", "the edges of cells stand up to twenty twips apart in an RTF", "they are one column all the same")
def edges_apart():
    rng = random.Random("rtf edges")
    def row(slots, columns, header, write):
        cells, look = rtf.plain_row(slots, columns, header, write)
        head, *edges = look.split(r"\cellx")
        parts = [edge.split("\\", 1) for edge in edges]
        moved = [r"\cellx" + "\\".join([str(int(part[0]) + rng.randrange(-20, 20)), *part[1:]]) for part in parts]
        return cells, head + "".join(moved)
    return made("rtf-edges-apart", row=row)


@case("rtf/nested-word.rtf", "table 4 in a cell, its rows described apart as Word does", "nestcell, nestrow and nesttableprops; what stands there for older programs is skipped")
def nested_word():
    report = Report("nested-word")
    blocks = report.blocks(remedies=[])
    at = next(n for n, block in enumerate(blocks) if isinstance(block, Text) and block.text == report.headings["problems"])
    inside = rtf.of_blocks([report.remedies_table()], lay=rtf.nested)
    outer = inside + r"\pard\intbl\itap1\cell{\trowd\trleft-108\cellx9500\row}" + "\n"
    return rtf.document(rtf.of_blocks(blocks[:at]) + outer + rtf.of_blocks(blocks[at:])), [report.truth()]


@case("rtf/deleted-rows.rtf", "deleted rows with other figures, and deleted digits", "the row mark and all text before it are deleted; a digit before each figure is too")
def deleted_rows():
    def lay(cells, look):
        spoilt = "".join(rf"\pard\intbl{{\deleted {cell.replace('1', '7')}\cell}}" + "\n" for cell in cells)
        cells = [rf"{{\deleted\revauthdel1 4}}{cell}{{\revised\revauth1 }}" if cell.isdigit() else cell for cell in cells]
        is_figures = any(cell.startswith("{") for cell in cells)
        deleted = look + spoilt + "{\\deleted\\row}\n" if is_figures and "clv" not in look else ""
        return deleted + rtf.before(cells, look)
    return made("rtf-deleted-rows", lay=lay)


LISTS = r"{\*\listtable{\list\listtemplateid1{\listlevel\levelnfc37\levelnfcn37\levelfollow2\levelstartat1{\leveltext\'02\'00\'a1\'a2;}{\levelnumbers\'01;}}"
LISTS += r"{\listlevel\levelnfc39\levelnfcn39\levelfollow2\levelstartat1{\leveltext\'03\'a3\'a8\'01\'a3\'a9;}{\levelnumbers\'02;}}{\listname ;}\listid77}}"
LISTS += r"{\*\listoverridetable{\listoverride\listid77\listoverridecount0\ls1}}"


def without_number(text, block):
    """The heading without what stands before its mark, and that."""
    mark = rtf.gbk("、" if block.kind == "h1" else "）")
    number, _, words = text.partition(mark)
    return number + mark, words


@case("rtf/numbered-by-list.rtf", "headings numbered by a list, and nothing shows the numbers", "the list is counted; its marks are in the bytes of GBK")
def numbered_by_list():
    def paragraph(text, block):
        if block.kind not in ("h1", "h2"):
            return rtf.paragraph(text, block)
        _, words = without_number(text, block)
        return rf"\pard\ls1\ilvl{int(block.kind == 'h2')} {words}\par" + "\n"
    return made("numbered-by-list", head=rtf.HEAD + LISTS, paragraph=paragraph)


@case("rtf/numbered-word-6.rtf", "headings numbered as Word 6 does, with what older programs show", "pntext is the number, pn says how it came about")
def numbered_word_6():
    def paragraph(text, block):
        if block.kind not in ("h1", "h2"):
            return rtf.paragraph(text, block)
        number, words = without_number(text, block)
        return rf"\pard{{\pntext\f13 {number}\tab}}{{\*\pn\pnlvlbody\pngbnumd\pnstart1{{\pntxta\'a1\'a2}}}}{words}\par" + "\n"
    return made("numbered-word-6", paragraph=paragraph)


WORD = r"{\rtf1\adeflang1025\ansi\ansicpg936\uc2\adeff0\deff0\stshfdbch13\stshfloch0\deflang1033\deflangfe2052" + rtf.FONTS
WORD += r"{\colortbl;\red0\green0\blue0;}{\*\defchp \fs21}{\stylesheet{\qj \snext0 Normal;}{\s1\outlinelevel0 \'b1\'ea\'cc\'e2 1,heading 1;}{\*\cs10 \additive Default Paragraph Font;}}"
WORD += r"{\*\rsidtbl \rsid1}{\mmathPr\mmathFont34}{\info{\title \'b2\'bb\'b6\'c1}{\author no}{\creatim\yr2024}}{\*\xmlnstbl {\xmlns1 http://no}}\paperw11906"
WORD += r"{\header \pard\plain no 2031\par}{\footerr \pard\plain{\field{\*\fldinst PAGE}{\fldrslt 7}}\par}"


@case("rtf/word-markup.rtf", "the markup of Word 2010: fonts for each side, every row described twice", "headers, properties and identifiers around all; the number of a heading is shown and listed")
def word_markup():
    def write(text):
        runs = ["".join(run) for run in runs_of(text)]
        one = lambda run: run if run.isascii() else rtf.gbk(run)
        side = lambda run: r"\hich\af0\dbch\af13\loch\f0 " if run.isascii() else r"\loch\af0\hich\af0\dbch\f13 "
        return "".join(rf"{{\rtlch\fcs1 \af0 \ltrch\fcs0 \fs21\insrsid1 {side(run)}{one(rtf.escaped(run))}}}" for run in runs)
    def paragraph(text, block):
        style = r"\s1\outlinelevel0" if block.kind == "h1" else ""
        return rf"\pard\plain \ltrpar{style}\qj\itap0 {text}{{\rtlch\fcs1 \af0 \ltrch\fcs0 \insrsid1 \par }}" + "\n"
    def lay(cells, look):
        look = look.replace(r"\trowd", r"\trowd \irow0\irowband0\ltrrow\ts11", 1).replace(r"\cellx", r"\clbrdrt\brdrs\brdrw10 \cltxlrtb\clftsWidth3\clwWidth600\clshdrawnil \cellx")
        text = "".join(rf"\pard\plain \ltrpar\qc\intbl\pararsid1 {cell}{{\rtlch\fcs1 \ltrch\fcs0 \cell }}" + "\n" for cell in cells)
        return rf"\ltrrow{look}{text}\pard\plain \ltrpar\ql\intbl {{\rtlch\fcs1 \ltrch\fcs0 \fs21 {look}\row }}" + "\n"
    return made("word-markup", head=WORD, write=write, paragraph=paragraph, lay=lay)


def runs_of(text):
    """The characters in runs of ASCII and of others."""
    runs = []
    for c in text:
        if runs and runs[-1][-1].isascii() == c.isascii():
            runs[-1].append(c)
        else:
            runs.append([c])
    return runs


# Broken ones.

@case("broken/truncated.rtf", "an RTF cut in half", "it breaks off within a table")
def truncated():
    content, _ = made("truncated-rtf")
    return content[: len(content) // 2], no_report("review")


@case("broken/braces-too-many.rtf", "an RTF with a closing brace too many after each table row", "what stands behind is read on, with a warning")
def braces_too_many():
    content, truth = made("braces-too-many", lay=lambda cells, look: rtf.before(cells, look) + "}")
    return content, truth


@case("broken/nothing-but-a-head.rtf", "an RTF that ends behind its head", "readable, and nothing is in it")
def nothing():
    return b"{\\rtf1", no_report()


@case("broken/groups-endless.rtf", "a hundred thousand groups in one another", "no recursion follows them, and no memory either")
def groups_endless():
    return b"{\\rtf1" + b"{" * 100_000 + b"x", no_report()


@case("broken/boxes-endless.rtf", "text boxes in one another, a thousand deep, a table in each", "a few are read")
def boxes_endless():
    return b"{\\rtf1" + rb"\trowd\cellx900\intbl a{\shp{\*\shpinst{\shptxt b\par " * 1000, no_report()


@case("broken/binary-endless.rtf", "binary data of two thousand million bytes", "there are none: the file breaks off")
def binary_endless():
    return b"{\\rtf1 x\\par\\bin2147483647 y", no_report()


@case("broken/edges-odd.rtf", "an RTF whose edges of cells fall, stand still and number more than any row has", "the columns of a row stay apart")
def rtf_edges_odd():
    def row(slots, columns, header, write):
        cells, _ = rtf.plain_row(slots, columns, header, write)
        return cells, r"\trowd" + "".join(rf"\clvmrg\clmrg\cellx{edge}" for edge in [900, 400, 400, -2147483648, 2147483647] * 60)
    content, _ = made("rtf-edges-odd", row=row)
    return content, no_report("no_report_found", "review")


@case("broken/nesting-endless.rtf", "an RTF whose cells stand two thousand million tables deep", "depth is bounded")
def nesting_endless():
    content, _ = made("rtf-nesting", lay=lambda cells, look: "".join(rf"\pard\intbl\itap2147483647 {cell}\nestcell" for cell in cells) + look + "\\nestrow\n")
    return content, no_report("no_report_found", "review", "ok")
