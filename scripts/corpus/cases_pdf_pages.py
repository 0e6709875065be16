"""Pages that are turned, cut, shared by two columns, or made of forms."""

import pdf_forms
from case import case, no_report
from pdf import Page
from pdf_layout import Style, draw, file, lines_of, pages_of, set_table
from report import Report
from table import Text


def turned(matrix, degrees, width=595, height=842):
    """A page whose content is written through `matrix` and which a viewer turns by `degrees`."""
    def page(*_):
        made = Page(width, height, media=(0, 0, width, height) if degrees == 180 else (0, 0, height, width), entries=f"/Rotate {degrees}")
        made.op(matrix + " cm")
        return made
    return page


@case("pdf/rotate-90.pdf", "pages in landscape by /Rotate 90", "what is seen is not how it is written")
def rotate_90():
    report = Report("pdf-rotate-90")
    return file(report.blocks(), Style(width=842, height=595, page=turned("0 1 -1 0 595 0", 90, 842, 595))), [report.truth()]


@case("pdf/rotate-270.pdf", "pages turned by /Rotate 270", "the other quarter")
def rotate_270():
    report = Report("pdf-rotate-270", "2019")
    return file(report.blocks(), Style(width=842, height=595, page=turned("0 -1 1 0 0 842", 270, 842, 595))), [report.truth()]


@case("pdf/rotate-180.pdf", "pages turned by /Rotate 180", "written upside down, seen upright")
def rotate_180():
    report = Report("pdf-rotate-180")
    return file(report.blocks(), Style(page=turned("-1 0 0 -1 595 842", 180))), [report.truth()]


@case("pdf/table-turned.pdf", "table 3 turned by a quarter on an upright page", "the page is not turned, its content is: the table is read along its lines")
def table_turned():
    report = Report("pdf-table-turned")
    blocks = report.blocks()
    at = next(index for index, block in enumerate(blocks) if getattr(block, "text", "") == report.headings["requests"])
    upright, wide = Style(), Style(width=842, height=595, top=50, bottom=40, cell_size=7.5, padding=1.5, page=turned("0 1 -1 0 595 0", 0, 842, 595))
    after = next(index for index, block in enumerate(blocks) if getattr(block, "text", "") == report.headings["remedies"])
    pages = pages_of(blocks[:at], upright) + pages_of(blocks[at:after], wide) + pages_of(blocks[after:], Style())
    return pdf_forms.whole(pages), [report.truth()]


@case("pdf/crop-box.pdf", "a crop box that does not begin at 0", "places are counted from the corner of what is seen")
def crop_box():
    report = Report("pdf-crop-box")

    def page(width, height):
        made = Page(width, height, media=(-120, -80, width + 60, height + 200), entries=f"/CropBox [-20 -10 {width + 5} {height + 12}]")
        made.text(-90, -100, 9, "裁切线以外的字：申请量9999件", Style().font)
        made.text(100, height + 60, 9, "印刷厂留底 8888", Style().font)
        return made

    return file(report.blocks(), Style(page=page)), [report.truth()]


@case("pdf/user-unit.pdf", "a page in units of half an inch's 36th part", "all lengths on the page are twice what they say")
def user_unit():
    report = Report("pdf-user-unit")

    def page(width, height):
        made = Page(width, height, media=(0, 0, width / 2, height / 2), entries="/UserUnit 2")
        made.op("0.5 0 0 0.5 0 0 cm")
        return made

    return file(report.blocks(), Style(page=page)), [report.truth()]


@case("pdf/form-per-page.pdf", "each page one form XObject", "as tools that stamp or join files write them")
def form_per_page():
    report = Report("pdf-form-per-page")
    return pdf_forms.wrapped(pages_of(report.blocks(), Style()), ["1 0 0 1 0 0"]), [report.truth()]


@case("pdf/forms-nested.pdf", "forms inside forms, each with a matrix", "scaled, moved and turned back on the way down")
def forms_nested():
    report = Report("pdf-forms-nested", "2019")
    matrices = ["0.5 0 0 0.5 100 50", "2 0 0 2 -200 -100", "0 1 -1 0 595 0", "0 -1 1 0 0 595"]
    return pdf_forms.wrapped(pages_of(report.blocks(), Style()), matrices), [report.truth()]


@case("pdf/two-columns.pdf", "a report printed in two columns", "prose beside tables; narrow tables that go on in the next column")
def two_columns():
    report = Report("pdf-two-columns", sparse=True)
    style = Style(width=842, height=595, top=50, bottom=50, frames=[(40, 406), (436, 802)], cell_size=7, padding=1.5, size=9)
    return file(report.blocks(), style), [report.truth(says={"overview": "打不开的当周修好", "problems": "一律不超过一页"})]


@case("pdf/two-columns-prose.pdf", "two columns of prose with short lines", "no table anywhere; the left column is read before the right")
def two_columns_prose():
    report = Report("pdf-two-columns-prose")
    style = Style(frames=[(60, 285), (310, 535)])
    blocks = report.blocks(disclosure=[], requests=[], remedies=[])
    return file(blocks, style), no_report("no_report_found", "review") | {"tables": []}


@case("pdf/side-by-side.pdf", "the blocks of table 2 two by two, side by side", "two tables on one level of the page")
def side_by_side():
    report = Report("pdf-side-by-side")
    first, second, third, fourth = report.disclosure_tables()

    def beside(left, right):
        def set_both(flow):
            top, bottom, style = flow.y, flow.y, flow.style
            for table, frame in ((left, (60, 287)), (right, (308, 535))):
                style.frames, flow.y = [frame], top
                set_table(flow, table)
                bottom = max(bottom, flow.y)
            style.frames, flow.y = None, bottom + 14
        return set_both

    return file(report.blocks(disclosure=[beside(first, second), beside(third, fourth)]), Style()), [report.truth()]


@case("pdf/prose-in-lines.pdf", "prose with rules above, below and beside it", "a paragraph in a frame, a note set off by lines: no table")
def prose_in_lines():
    report = Report("pdf-prose-in-lines")
    words = "提示：本报告电子版可在机关网站下载。如有疑问，请与机关办公室联系，来信来访均可，工作时间为每日上午九时至下午五时。"

    def note(flow):
        left, right = flow.ends()
        page, top = flow.at, flow.y
        for line in lines_of(words, right - left - 20, 10.5, flow.style.font):
            flow.y += 16
            draw(flow.style, page, left + 10, flow.y, 10.5, line)
        flow.y += 8
        page.op("0.8 w")
        page.line(left, top, right, top)
        page.line(left, flow.y, right, flow.y)
        flow.y += 10

    return file(report.blocks(overview=[*report.overview(), note])), [report.truth(says={"overview": "如有疑问"})]


@case("pdf/numbered-list.pdf", "numbered paragraphs with figures at the end of their lines", "a list aligned by its numbers is prose")
def numbered_list():
    report = Report("pdf-numbered-list")
    items = [Text("p", f"{n}. {what}，全年{n * 7 + 3}条。") for n, what in enumerate(["政策文件", "工作动态", "财政信息", "人事信息", "办事指南", "统计数据"], 1)]
    return file(report.blocks(overview=[*report.overview(), *items])), [report.truth(says={"overview": "办事指南，全年38条"})]


@case("pdf/page-of-picture.pdf", "a page that is only a picture between pages of text", "the page cannot be read, and that is said: what stands on it is unknown")
def page_of_picture():
    report = Report("pdf-page-of-picture")
    blocks = report.blocks()
    at = next(index for index, block in enumerate(blocks) if getattr(block, "text", "") == report.headings["requests"])
    pages = pages_of(blocks[:at], Style())
    rest = pages_of(blocks[at:], Style())
    return pdf_forms.whole([*pages, pdf_forms.PicturePage(), *rest]), [report.truth(None, warns=["pages_need_ocr"])]


@case("pdf/only-pictures.pdf", "three pages that are pictures", "nothing to read without character recognition: needs_ocr")
def only_pictures():
    return pdf_forms.whole([pdf_forms.PicturePage(), pdf_forms.PicturePage(), pdf_forms.PicturePage()]), no_report("needs_ocr")


@case("pdf/empty-page.pdf", "an empty page in the middle of table 3", "a page without a mark lies between the halves of a table")
def empty_page():
    report = Report("pdf-empty-page")
    blocks = report.blocks()
    pages = pages_of(blocks, Style())
    return pdf_forms.whole([pages[0], Page(), *pages[1:]]), [report.truth()]
