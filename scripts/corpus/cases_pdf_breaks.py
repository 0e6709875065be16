"""Tables that go on over the page, and what stands at the edges of pages."""

from case import case
from pdf_layout import Style, file
from report import Report
from table import Text

REISSUE = "5.要求行政机关确认或重新出具已获取信息"


def broken(name, form="2021", **style):
    """A report with breaks in its tables where the case sets them, the first of them at the foot of its page."""
    report = Report("pdf-" + name, form)
    return broken_file(report, "requests", **style), [report.truth()]


def broken_file(report, kind, **style):
    """The section begins on a new page, below as much prose as leads its table down to the foot where it is cut."""
    trial = Style(**style)
    file(from_new_page(report, kind, 0), trial)
    room = trial.height - trial.bottom - trial.cuts[0]
    return file(from_new_page(report, kind, max(room - 1, 0)), Style(**style))


def from_new_page(report, kind, room):
    blocks = report.blocks()
    at = next(index for index, block in enumerate(blocks) if getattr(block, "text", "") == report.headings[kind])
    step = Style().size * Style().leading
    prose = [Text("p", f"说明{count + 1}：本表由承办科室逐月登记，年末与档案核对后汇总。") for count in range(int(room // step))]
    return [*blocks[:at], lambda flow: flow.new_page(), *prose, lambda flow: setattr(flow, "y", flow.y + room % step), *blocks[at:]]


@case("pdf/break-between-rows.pdf", "table 3 cut between two rows by the page", "no header on the second page; the columns are those above")
def between_rows():
    return broken("break-between-rows", breaks={"（五）不予处理": 0})


@case("pdf/break-between-groups-2019.pdf", "table 3 of the 2019 form cut between two groups", "the label of 三、本年度办理结果 stands on the first page only")
def between_groups():
    return broken("break-between-groups-2019", "2019", breaks={"（五）不予处理": 0})


@case("pdf/break-inside-group.pdf", "table 3 cut by the page inside a group", "4. and 5. go on in the group （五） of the page before")
def inside_group():
    return broken("break-inside-group", breaks={"4.无正当理由大量反复申请": 0})


@case("pdf/break-mid-row.pdf", "a row cut in two by the page", "its label ends …行政机关不再处理其政府信 / 息公开申请; the figures stand above")
def mid_row():
    return broken("break-mid-row", breaks={"（六）其他处理": 2}, middle=False)


@case("pdf/break-mid-row-2019.pdf", "a row of the 2019 form cut in two by the page", "the label of a row of figures goes on alone on the next page")
def mid_row_2019():
    return broken("break-mid-row-2019", "2019", breaks={REISSUE: 1}, middle=False)


@case("pdf/break-mid-row-header.pdf", "a row cut in two, the header repeated between its halves", "the header stands in the middle of a label")
def mid_row_header():
    return broken("break-mid-row-header", breaks={"（六）其他处理": 2}, middle=False, repeat=3)


@case("pdf/break-mid-header.pdf", "the header of table 3 cut by the page between its rows", "the organisations stand on the next page")
def mid_header():
    return broken("break-mid-header", breaks={"商业企业": 0})


@case("pdf/break-mid-header-row.pdf", "a header row cut in two by the page", "社会公 on one page, 益组织 on the next")
def mid_header_row():
    return broken("break-mid-header-row", breaks={"商业企业": 1}, middle=False, widths={**Style().widths, 10: [30, 70, 140, *[34] * 7]})


@case("pdf/break-mid-header-2019.pdf", "the header of table 4 cut by the page", "the results of the litigation stand on the next page")
def mid_header_remedies():
    report = Report("pdf-break-mid-header-2019", "2019")
    return broken_file(report, "remedies", breaks={"15:2": 0}), [report.truth()]


@case("pdf/break-header-repeated.pdf", "the header of table 3 repeated on every page", "a repeated header is no row of figures")
def header_repeated():
    return broken("break-header-repeated", breaks={"（四）无法提供": 0, "（六）其他处理": 0}, repeat=3)


@case("pdf/break-header-repeated-2019.pdf", "the header of the 2019 form repeated inside a group", "the group goes on below a header")
def header_repeated_2019():
    return broken("break-header-repeated-2019", "2019", breaks={"5.属于三类内部事务信息": 0}, repeat=3)


@case("pdf/break-before-total.pdf", "the last two rows of table 3 alone on the next page", "two rows without a header are not a table of their own")
def before_total():
    return broken("break-before-total", breaks={"（七）总计": 0})


@case("pdf/break-thrice.pdf", "table 3 over four pages", "three breaks: between groups, inside a group, inside a row")
def thrice():
    return broken("break-thrice", breaks={"（三）不予公开": 0, "2.没有现成信息需要另行制作": 0, "（六）其他处理": 1}, middle=False)


@case("pdf/break-disclosure.pdf", "table 2 cut by the page between its blocks", "the block of 第二十条第（六）项 begins on a new page")
def disclosure():
    report = Report("pdf-break-disclosure")
    return broken_file(report, "disclosure", breaks={"第二十条第（六）项": 0}), [report.truth()]


@case("pdf/break-disclosure-block.pdf", "table 2 cut by the page below the header of a block", "the headers of a block stand above the break, its figures below")
def disclosure_block():
    report = Report("pdf-break-disclosure-block")
    return broken_file(report, "disclosure", breaks={"行政许可": 0}), [report.truth()]


def page_numbers(pattern, x="centre"):
    def furniture(style, page, index, count):
        text = pattern(index + 1, count)
        wide = style.font.advance(text) * 9
        left = {"centre": (style.width - wide) / 2, "right": style.width - style.right - wide, "left": style.left}
        page.text(left["right" if index % 2 == 0 else "left"] if x == "outer" else left[x], style.height - 40, 9, text, style.font)
    return furniture


def wide(number):
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


@case("pdf/page-numbers-dashes.pdf", "page numbers － 3 － at the outer edges", "a number between dashes is no figure of the table above it")
def numbers_dashes():
    return broken("page-numbers-dashes", furniture=page_numbers(lambda page, _: f"－ {page} －", "outer"), breaks={"（五）不予处理": 0})


@case("pdf/page-numbers-of.pdf", "page numbers 第3页 共5页", "words that stand on every page belong to none of them")
def numbers_of():
    return broken("page-numbers-of", furniture=page_numbers(lambda page, count: f"第{page}页 共{count}页"), breaks={"（五）不予处理": 0})


@case("pdf/page-numbers-bare.pdf", "a bare number at the foot of each page", "it stands right below the last row of the table")
def numbers_bare():
    return broken("page-numbers-bare", furniture=page_numbers(lambda page, _: str(page)), breaks={"4.保护第三方合法权益": 0}, bottom=60)


@case("pdf/page-numbers-wide.pdf", "page numbers in full-width digits", "－３－ is the same as - 3 -")
def numbers_wide():
    return broken("page-numbers-wide", furniture=page_numbers(lambda page, _: f"－{wide(page)}－"), breaks={"4.保护第三方合法权益": 0})


@case("pdf/running-title.pdf", "a running title above and a page number below a mid-row break", "between the halves of a row stand two lines of page furniture")
def running_title():
    report = Report("pdf-running-title")

    def furniture(style, page, index, count):
        page.text(style.left, 50, 8, report.agency + "年度报告", style.font)
        page.text(style.width - style.right - 60, 50, 8, "内部资料", style.font)
        page.op("0.4 w")
        page.line(style.left, 56, style.width - style.right, 56)
        page_numbers(lambda page, count: f"{page} / {count}")(style, page, index, count)

    content = broken_file(report, "requests", furniture=furniture, breaks={"（六）其他处理": 2}, middle=False)
    return content, [report.truth(says_not={"overview": "内部资料"})]


@case("pdf/break-with-prose-below.pdf", "prose of the next section follows the cut table at once", "the table ends; what follows is no row of it")
def prose_below():
    report = Report("pdf-break-with-prose-below")
    return broken_file(report, "requests", breaks={"四、结转下年度继续办理": 0}, cell_leading=1.1), [report.truth(says={"problems": "改进打算"})]


@case("pdf/two-reports.pdf", "a government and its bureau in one PDF", "two reports, the second from the middle of a page")
def two_reports():
    government = Report("pdf-two-reports-government", agency="云汀县人民政府")
    bureau = Report("pdf-two-reports-bureau", agency="云汀县人民政府办公室", sparse=True)
    return file(government.blocks() + bureau.blocks()), [government.truth(), bureau.truth()]
