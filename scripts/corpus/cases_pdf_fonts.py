"""Fonts, and the ways in which the same words are written with them."""

import pdf_encrypt
import pdf_forms
from case import Made, case, no_report
from pdf import Song
from pdf_fonts import Embedded, Gbk, GlyphNames, Pictures
from pdf_layout import Style, file, pages_of
from report import Report

RADICALS = str.maketrans("一人自行文日水力工大入八二士", "⼀⼈⾃⾏⽂⽇⽔⼒⼯⼤⼊⼋⼆⼠")


def shown(name, form="2021", blocks=None, **style):
    report = Report("pdf-" + name, form)
    return file(blocks(report) if blocks else report.blocks(), Style(**style)), [report.truth()]


def embedded(make, name, form="2021", truth=None, **style):
    """A file with glyphs of a font of this machine in it: made once where the font is."""
    report = Report("pdf-" + name, form)
    source = repr((report.blocks(), make.__name__)).encode()
    return Made("WenQuanYi Zen Hei", source, lambda: file(report.blocks(), Style(font=make(), **style))), truth or [report.truth()]


@case("pdf/font-identity-h.pdf", "an embedded font in Identity-H with ToUnicode", "the codes are glyph numbers; only the map says what they are")
def identity_h():
    return embedded(Embedded, "font-identity-h")


@case("pdf/font-gbk-embedded.pdf", "an embedded font in GBK-EUC-H without ToUnicode", "the predefined CMap leads to CIDs of Adobe-GB1, and these to characters")
def gbk_embedded():
    return embedded(Gbk, "font-gbk-embedded")


def stripped():
    return Embedded(to_unicode=False)


@case("pdf/font-no-unicode.pdf", "an embedded font in Identity-H without ToUnicode", "nobody can say what the glyphs are: needs_ocr, never guessed")
def no_unicode():
    return embedded(stripped, "font-no-unicode", truth=no_report("needs_ocr"))


def kangxi():
    font = Embedded()
    font.unicode = lambda char: char.translate(RADICALS)
    return font


@case("pdf/font-kangxi-radicals.pdf", "a ToUnicode map that gives Kangxi radicals: ⼀ for 一", "macOS and WPS write them; they look the same and are not")
def kangxi_radicals():
    return embedded(kangxi, "font-kangxi-radicals")


@case("pdf/font-gbk-named.pdf", "a font only named, in GBK-EUC-H", "bytes of GBK, no map in the file")
def gbk_named():
    return shown("font-gbk-named", font=Song("GBK-EUC-H", base="SimSun"))


@case("pdf/font-gbkp-named.pdf", "a font only named, in GBKp-EUC-H", "as above, digits proportional")
def gbkp_named():
    return shown("font-gbkp-named", "2019", font=Song("GBKp-EUC-H", base="FangSong_GB2312"))


@case("pdf/font-utf16-named.pdf", "a font only named, in UniGB-UTF16-H", "the codes are UTF-16")
def utf16_named():
    return shown("font-utf16-named", font=Song("UniGB-UTF16-H", base="AdobeSongStd-Light"))


@case("pdf/font-gbk2k-named.pdf", "a font only named, in GBK2K-H", "the codes are GB 18030")
def gbk2k_named():
    return shown("font-gbk2k-named", font=Song("GBK2K-H", base="STSong"))


def two_fonts(digits):
    """Letters and digits in a font of their own, as Word writes Times New Roman beside SimSun."""
    def text(page, x, y, size, text, font):
        run = ""
        for char in text + "\0":
            if run and (char == "\0" or char.isascii() != run[-1].isascii()):
                part = digits if run[0].isascii() else font
                page.text(x, y, size, run, part)
                x, run = x + font.advance(run) * size, ""
            run += char
    return text


@case("pdf/font-latin-digits.pdf", "digits in Helvetica beside Chinese in a CID font", "a label of two fonts is one label: 1.属于国家秘密")
def latin_digits():
    return shown("font-latin-digits", text=two_fonts(GlyphNames("Helvetica")))


@case("pdf/font-type3.pdf", "digits in a Type3 font with glyph names", "the names of the glyphs say what they are")
def type3():
    return shown("font-type3", text=two_fonts(Pictures()))


@case("pdf/font-type3-unicode.pdf", "digits in a Type3 font with ToUnicode and glyphs without names", "g1, g2 say nothing, the map does")
def type3_unicode():
    return shown("font-type3-unicode", "2019", text=two_fonts(Pictures(to_unicode=True)))


@case("pdf/font-bold-by-stroke.pdf", "bold headings and headers made by render mode 2", "filled and stroked is one text, not two")
def bold_by_stroke():
    def text(page, x, y, size, text, font):
        bold = size > 9 or not text[0].isdigit()
        page.text(x, y, size, text, font, before="2 Tr 0.3 w " if bold else "0 Tr ")
    return shown("font-bold-by-stroke", text=text)


@case("pdf/font-bold-by-twin.pdf", "bold made by writing the text twice, 0.3 points apart", "every character stands there twice")
def bold_by_twin():
    def text(page, x, y, size, text, font):
        page.text(x, y, size, text, font)
        page.text(x + 0.3, y, size, text, font)
    return shown("font-bold-by-twin", text=text)


@case("pdf/font-shadow.pdf", "a title with a shadow, figures filled and then stroked", "the same text a point lower and to the right in grey")
def shadow():
    def text(page, x, y, size, text, font):
        if size > 15:
            page.op("0.6 g")
            page.text(x + 1, y + 1, size, text, font)
            page.op("0 g")
        page.text(x, y, size, text, font, before="0 Tr ")
        if text.isdigit():
            page.text(x, y, size, text, font, before="1 Tr 0.2 w ")
    return shown("font-shadow", text=text)


@case("pdf/text-glyph-by-glyph.pdf", "every glyph placed by itself", "words are where glyphs stand close, not what the file writes in one go")
def glyph_by_glyph():
    def text(page, x, y, size, text, font):
        for char in text:
            page.text(x, y, size, char, font)
            x += font.advance(char) * size
    return shown("text-glyph-by-glyph", text=text)


@case("pdf/text-backwards.pdf", "the text of each page written from its foot to its head", "the order in the file is not the order on the page")
def backwards():
    report = Report("pdf-text-backwards")
    pages = pages_of(report.blocks(), Style())
    for page in pages:
        page.ops.reverse()
        page.ops.insert(0, "0.5 w")
    return pdf_forms.whole(pages), [report.truth()]


@case("pdf/text-by-font-size.pdf", "the figures of a page written after all of its labels", "what belongs together stands far apart in the file")
def figures_last():
    report = Report("pdf-text-by-font-size", "2019")
    pages = pages_of(report.blocks(), Style(text=two_fonts(GlyphNames("Helvetica"))))
    for page in pages:
        page.ops.sort(key=lambda op: "/Latin" in op)
    return pdf_forms.whole(pages), [report.truth()]


@case("pdf/text-character-spacing.pdf", "figures with their digits set apart", "3 points of character spacing: 1 2 3 in one cell is 123")
def character_spacing():
    def text(page, x, y, size, text, font):
        apart = 3 if text.isdigit() else 0
        page.text(x - apart * (len(text) - 1) / 2, y, size, text, font, before=f"{apart} Tc ")
    return shown("text-character-spacing", text=text, cell_size=8)


@case("pdf/text-spread.pdf", "short labels spread over the width of their cells", "规      章 is 规章, 总 计 is 总计")
def spread():
    def text(page, x, y, size, text, font):
        apart = 8 if size <= 9 and 2 <= len(text) <= 3 and not text.isascii() else 0
        page.text(x - apart * (len(text) - 1) / 2, y, size, text, font, before=f"{apart} Tc ")
    return shown("text-spread", text=text)


@case("pdf/text-tight.pdf", "figures set tight and stretched", "character spacing below 0 and 80 per cent width: glyphs overlap")
def tight():
    def text(page, x, y, size, text, font):
        page.text(x, y, size, text, font, before="-0.4 Tc 80 Tz ")
    return shown("text-tight", text=text)


@case("pdf/text-invisible-layer.pdf", "a picture of each page with invisible text over it", "a scan with a text layer: read, with a warning that it is one")
def invisible_layer():
    report = Report("pdf-text-invisible-layer")
    text = lambda page, x, y, size, text, font: page.text(x, y, size, text, font, before="3 Tr ")
    return pdf_forms.under_pictures(pages_of(report.blocks(), Style(text=text))), [report.truth(warns=["text_from_ocr"])]


@case("pdf/text-hidden-notes.pdf", "invisible words between the visible ones", "what a reader of the page cannot see is not part of it")
def hidden_notes():
    report = Report("pdf-text-hidden-notes")

    def text(page, x, y, size, text, font):
        page.text(x, y, size, text, font, before="0 Tr ")
        if text.isdigit():
            page.text(x + 2, y - 2, 4, "8888", font, before="3 Tr ")

    return file(report.blocks(), Style(text=text)), [report.truth()]


@case("pdf/encrypted-rc4.pdf", "encrypted with RC4 and an empty user password", "anybody may open it; only printing is forbidden")
def encrypted_rc4():
    report = Report("pdf-encrypted-rc4")
    return file(report.blocks(), encrypt=pdf_encrypt.rc4), [report.truth()]


@case("pdf/encrypted-aes.pdf", "encrypted with AES of 128 bits and an empty user password", "a crypt filter for strings and streams")
def encrypted_aes():
    report = Report("pdf-encrypted-aes", "2019")
    return file(report.blocks(), encrypt=pdf_encrypt.aes), [report.truth()]


@case("pdf/encrypted-password.pdf", "encrypted with a password that is needed to open it", "nothing can be read: encrypted")
def encrypted_password():
    report = Report("pdf-encrypted-password")
    return file(report.blocks(), encrypt=lambda pdf: pdf_encrypt.rc4(pdf, user=b"2023")), no_report("encrypted")
