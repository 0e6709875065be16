"""Web pages: of sites, of Word and Excel, in one file; and one page for each thing that pages do."""

import re

import docx
import web
from case import case, no_report
from forms import CORNER
from report import Report
from table import Text
from web import body, government, mhtml, page, table_html


def plain(report, **more):
    return page(body(report.blocks()), "".join(report.title), **more)


# Encodings.

@case("html/plain-2021.html", "a report of the 2021 form as a web page, UTF-8", "headings, paragraphs, tables and nothing else")
def plain_2021():
    report = Report("html-plain-2021")
    return plain(report), [report.truth()]


@case("html/plain-2019.html", "a report of the 2019 form as a web page, UTF-8", "the other edition")
def plain_2019():
    report = Report("html-plain-2019", "2019")
    return plain(report), [report.truth()]


@case("html/sparse-2021.html", "a web page in which most figures are 0", "as small agencies have it")
def plain_sparse():
    report = Report("html-sparse-2021", sparse=True)
    return plain(report), [report.truth()]


@case("html/gb18030.html", "GB2312 declared, GB18030 meant", "the name of the town has a character that GB2312 lacks")
def gb18030():
    report = Report("html-gb18030", agency="㙍溪县水务局")
    return plain(report, charset='<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', encoding="gb18030"), [report.truth()]


@case("html/gbk-2019.html", "a page in GBK of the 2019 form", "charset in an old meta tag")
def gbk_2019():
    report = Report("html-gbk-2019", "2019")
    return plain(report, charset="<META HTTP-EQUIV='content-type' CONTENT='text/html;charset=GBK'>", encoding="gbk"), [report.truth()]


@case("html/declared-wrong.html", "GB2312 declared over UTF-8", "the template was converted, its meta tag was not")
def declared_wrong():
    report = Report("html-declared-wrong")
    return plain(report, charset='<meta charset="gb2312">'), [report.truth()]


@case("html/undeclared-gbk.html", "GBK declared nowhere", "the server said it in a header that is not in the file")
def undeclared():
    report = Report("html-undeclared-gbk")
    return plain(report, charset="", encoding="gb18030"), [report.truth()]


@case("html/utf-16.html", "a page in UTF-16 with a byte order mark", "what Word calls a Unicode web page")
def utf_16():
    report = Report("html-utf-16")
    return plain(report, charset='<meta charset="unicode">', encoding="utf-16"), [report.truth()]


@case("html/utf-8-bom.html", "a byte order mark before a page that declares GBK", "the mark weighs more than the meta tag")
def bom():
    report = Report("html-utf-8-bom")
    return plain(report, charset='<meta charset="gbk">', encoding="utf-8-sig"), [report.truth()]


@case("html/xhtml.html", "XHTML that begins with an XML declaration", "empty elements end themselves: <script/>, <td/>")
def xhtml():
    report = Report("html-xhtml")
    text = plain(report).decode().replace("<!DOCTYPE html>", '<?xml version="1.0" encoding="UTF-8"?>').replace('<meta charset="utf-8">', '<script src="a.js"/><link rel="stylesheet" href="a.css"/>')
    return text.replace("<br>", "<br/>").encode(), [report.truth()]


# Sites.

@case("html/government-2021.html", "a page of a government site: navigation, way back, sharing bar, footer", "none of them is text of the report")
def government_2021():
    report = Report("html-government-2021")
    return page(government(report, report.blocks()), f"{''.join(report.title)}_{report.agency}"), [report.truth(says_not={"other": "上一篇"})]


@case("html/government-2019.html", "a page of a government site with a report of the 2019 form, GB18030", "other names of its parts")
def government_2019():
    report = Report("html-government-2019", "2019")
    names = {"crumb": "dqwz", "content": "article", "share": "bdsharebuttonbox", "foot": "bottom"}
    return page(government(report, report.blocks(), names=names), "".join(report.title), charset='<meta charset="gb2312">', encoding="gb18030"), [report.truth(says_not={"other": "主办单位"})]


@case("html/government-unnamed.html", "a page whose parts have no telling names", "links and words tell them")
def government_unnamed():
    report = Report("html-government-unnamed")
    names = {"crumb": "a1", "content": "a2", "share": "a3", "foot": "a4"}
    content = re.sub(r' class="(top|header|nav|sidebar|info|main|search-box)"', "", government(report, report.blocks(), names=names))
    return page(content, "".join(report.title)), [report.truth(says_not={"other": "地址"})]


@case("html/semantic.html", "header, nav, main, article, aside and footer", "the elements of HTML 5 tell the parts")
def semantic():
    report = Report("html-semantic")
    content = f'<header><a href="/">澄碧门户</a> <a href="/a">办事</a> <a href="/b">互动</a></header><nav><a href="/">首页</a></nav><main><article>{body(report.blocks())}</article></main><aside><a href="/1">相关文件一</a> <a href="/2">相关文件二</a></aside><footer>主办单位：某办公室<br>地址：青石路1号</footer>'
    return page(content, "".join(report.title)), [report.truth(says_not={"other": "主办单位"})]


@case("html/layout-tables.html", "a page laid out with tables in tables", "the report's tables stand in a cell of a cell; those around them are no tables")
def layout_tables():
    report = Report("html-layout-tables")
    menu = "".join(f'<tr><td><a href="/{word}">{word}</a></td></tr>' for word in ["机关概况", "政务公开", "办事服务", "互动交流", "政策文件"])
    content = f'<table width="1000"><tr><td colspan="2"><a href="/">首页</a> | <a href="/a">政务</a> | <a href="/b">服务</a> | <a href="/c">互动</a></td></tr><tr><td width="200" valign="top"><table>{menu}</table></td><td><table width="100%"><tr><td>{body(report.blocks())}</td></tr></table></td></tr><tr><td colspan="2" align="center">版权所有：某办公室　ICP备00000000号</td></tr></table>'
    return page(content, "".join(report.title)), [report.truth(says_not={"other": "版权所有"})]


@case("html/metadata-beside-labels.html", "索引号, 发布机构, 成文日期 in a table before a text that names neither agency nor date", "both come from the metadata, with a warning")
def metadata_beside():
    report = Report("html-metadata-beside-labels")
    report.title, report.sign, report.date = ["2023年政府信息公开工作年度报告"], "", ""
    blocks = report.blocks()
    blocks[1].text = blocks[1].text.replace(f"，由{report.agency}编制", "")
    metadata = web.metadata_table([("索引号", "0000/2024-00001"), ("分类", "年报"), ("发布机构", report.agency), ("成文日期", "2024-01-15"), ("名称", report.title[0]), ("文号", "无")])
    return page(government(report, blocks, metadata, date_line=False), report.title[0]), [report.truth()]


@case("html/metadata-in-list.html", "metadata in a list of definitions", "发布机构 is a dt, its value a dd")
def metadata_list():
    report = Report("html-metadata-in-list")
    report.title, report.sign, report.date = ["2023年政府信息公开工作年度报告"], "", ""
    blocks = report.blocks()
    blocks[1].text = blocks[1].text.replace(f"，由{report.agency}编制", "")
    metadata = f"<dl><dt>索引号：</dt><dd>0000/2024-00001</dd><dt>发布机构：</dt><dd>{report.agency}</dd><dt>发布日期：</dt><dd>2024年1月15日</dd></dl>"
    return page(government(report, blocks, metadata, date_line=False), report.title[0]), [report.truth()]


@case("html/metadata-in-head.html", "title, agency and date in meta tags alone", "the body begins with the first section and is signed by nobody")
def metadata_head():
    report = Report("html-metadata-in-head")
    blocks = [block for block in report.blocks() if not (isinstance(block, Text) and block.kind in ("title", "sign", "date"))]
    blocks[0].text = blocks[0].text.replace(f"，由{report.agency}编制", "")
    head = f'<meta name="SiteName" content="云汀县门户网站">\n<meta name="ArticleTitle" content="{report.title[0]}">\n<meta name="PubDate" content="2024-01-15 09:30">\n<meta name="ContentSource" content="{report.agency}">\n'
    return page(body(blocks), "云汀县门户网站", head), [report.truth()]


@case("html/page-title-only.html", "the title stands in the title of the page alone", "澄碧…年度报告_网站")
def page_title():
    report = Report("html-page-title-only")
    blocks = [block for block in report.blocks() if not (isinstance(block, Text) and block.kind == "title")]
    return page(body(blocks), f"{report.title[0]}_云汀县门户网站"), [report.truth()]


@case("html/starts-with-text.html", "words before the html element", "a counter wrote them")
def starts_with_text():
    report = Report("html-starts-with-text")
    return "访问统计\n".encode() + plain(report), [report.truth()]


@case("html/starts-with-script.html", "a comment and 20 KB of script before the page", "the first tag says nothing")
def starts_with_script():
    report = Report("html-starts-with-script")
    script = "<!-- 模板 -->\n<script>\n" + "var a = '<table><tr><td>1</td></tr></table>';\n" * 400 + "</script>\n"
    return script.encode() + plain(report), [report.truth()]


# Word and Excel.

@case("html/word.htm", "a report saved by Word as a web page", "conditional comments, o:p, every digit in a run of its own; GB2312 declared")
def word():
    report = Report("html-word")
    return web.word_page(report.blocks()), [report.truth()]


@case("html/word-2019.htm", "a 2019 report saved by Word as a web page, UTF-8", "the other edition and encoding")
def word_2019():
    report = Report("html-word-2019", "2019")
    return web.word_page(report.blocks(), "utf-8", "utf-8"), [report.truth()]


@case("html/word-list-numbers.htm", "numbers of headings that Word writes for browsers without lists", "<![if !supportLists]> around 一、")
def word_lists():
    report = Report("html-word-list-numbers")
    text = web.word_page(report.blocks(), "utf-8", "utf-8").decode()
    for mark in "一二三四五六":
        ignore = f"<![if !supportLists]><span style='mso-list:Ignore'>{mark}、<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span><![endif]>"
        text = text.replace(f">{web.word_run(mark)}{web.word_run('、')}", f">{ignore}")
    # The headings are marked as list items, their numbers stand in front of their words.
    assert "mso-list:Ignore" in text
    headings = [heading.replace("、", "、\xa0\xa0 ", 1) for heading in report.headings.values()]
    return text.encode(), [report.truth(headings=headings)]


@case("html/word-single-file.mht", "a report saved by Word as a single file web page", "quoted-printable, GB2312 in the header of the part")
def word_mht():
    report = Report("html-word-single-file")
    parts = [("file:///C:/x/report.htm", 'text/html; charset="gb2312"', "quoted-printable", web.word_page(report.blocks())),
             ("file:///C:/x/report.files/filelist.xml", 'text/xml; charset="utf-8"', "quoted-printable", b"<xml/>")]
    return mhtml(parts), [report.truth()]


@case("html/single-file-base64.mht", "a single file web page in base64, the page behind a picture", "the whole names its first part")
def mht_base64():
    report = Report("html-single-file-base64", "2019")
    parts = [("http://x.invalid/a.png", "image/png", "base64", b"\x89PNG nothing"),
             ("http://x.invalid/report.html", "text/html; charset=utf-8", "base64", plain(report))]
    return mhtml(parts, "report.html"), [report.truth()]


@case("html/frames.mht", "a workbook saved by Excel as a single file web page", "the root is a frameset, the sheets are its frames")
def mht_frames():
    report = Report("html-frames")
    root = b'<html><head><meta http-equiv=Content-Type content="text/html; charset=us-ascii"></head><frameset rows="*,39"><frame src="book.files/sheet001.htm" name="frSheet"><frame src="book.files/tabstrip.htm"></frameset></html>'
    strip = '<html><body><table><tr><td><small><a href="sheet001.htm">年报</a></small></td></tr></table></body></html>'.encode("gb18030")
    parts = [("file:///C:/x/book.htm", 'text/html; charset="us-ascii"', "quoted-printable", root),
             ("file:///C:/x/book.files/sheet001.htm", 'text/html; charset="gb2312"', "quoted-printable", web.excel_page(report.blocks())),
             ("file:///C:/x/book.files/tabstrip.htm", 'text/html; charset="gb2312"', "quoted-printable", strip)]
    return mhtml(parts), [report.truth()]


@case("html/misnamed-word.doc", "a web page named .doc", "made by a program that hands HTML to Word")
def misnamed_doc():
    report = Report("html-misnamed-word")
    return web.word_page(report.blocks(), "utf-8", "utf-8"), [report.truth()]


@case("html/misnamed-excel.xls", "a web page named .xls", "x:num, x:str, a hidden row under the sheet that states the widths")
def misnamed_xls():
    report = Report("html-misnamed-excel")
    return web.excel_page(report.blocks()), [report.truth()]


@case("html/misnamed-mhtml.doc", "a single file web page named .doc", "Word opens it, so nobody notices")
def misnamed_mht():
    report = Report("html-misnamed-mhtml", "2019")
    return mhtml([("file:///C:/x/report.htm", 'text/html; charset="utf-8"', "8bit", web.word_page(report.blocks(), "utf-8", "utf-8"))]), [report.truth()]


@case("html/narrow-column.xls", "a column too narrow for its number", "the cell shows ###, the file holds the number")
def narrow():
    report = Report("html-narrow-column")
    text = web.excel_page(report.blocks(), "utf-8", "utf-8").decode()
    text, count = re.subn(r"(行政处罚</td>\s*<td[^>]* x:num)>(\d+)<", r'\1="\2">###<', text)
    assert count == 1
    return text.encode(), [report.truth()]


@case("html/libreoffice-2021.html", "a 2021 report saved by LibreOffice as a web page", "font tags, lines wrapped in the middle of a text")
def libreoffice_2021():
    report = Report("html-libreoffice-2021")
    return web.libreoffice(docx.document(report.blocks())), [report.truth()]


@case("html/libreoffice-2019.html", "a 2019 report saved by LibreOffice as a web page", "the other edition")
def libreoffice_2019():
    report = Report("html-libreoffice-2019", "2019")
    return web.libreoffice(docx.document(report.blocks())), [report.truth()]


@case("html/excel-2003.xml", "a workbook in the XML of Excel 2003", "known, named, and not read")
def excel_2003():
    return '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'.encode(), no_report("unsupported")


# Tables.

@case("html/span-to-end.html", "rowspan=0: down to the end of the table", "三、本年度办理结果 goes down to the last row, where the last two are in a tbody of their own")
def span_to_end():
    report = Report("html-span-to-end")
    table = report.requests_table()
    text = table_html(table)
    rows = 1 + sum(len(rows) for _, rows in report.groups)
    last = text.rindex("<tr>")
    text = text[:last] + "</tbody><tbody>" + text[last:]
    assert f' rowspan="{rows}"' in text
    return page(body(report.blocks(requests=[]), table=None).replace("</h2>\n<h2>四、", f"</h2>\n{text.replace(f' rowspan={chr(34)}{rows}{chr(34)}', ' rowspan=0')}\n<h2>四、")), [report.truth()]


@case("html/spans-nonsense.html", "spans of nought, less, words and a thousand million", "each is cut to what the table has")
def spans_nonsense():
    report = Report("html-spans-nonsense")
    nonsense = iter(["colspan=0", "rowspan=-1", 'colspan="x"', 'rowspan=""', "colspan=1.9"])

    def cell(cell):
        if cell.text == "信息内容":
            return f"<td {next(nonsense, 'x')}>信息内容</td>"
        if cell.columns == 4:
            return f"<td colspan=1000000000>{cell.text}</td>"
        return web.cell_html(cell)
    return page(body(report.blocks(), table=lambda table: table_html(table, cell))), [report.truth()]


@case("html/rows-unclosed.html", "no end tags at all", "<tr><td>规章<td>1")
def unclosed():
    report = Report("html-rows-unclosed")
    return re.sub(r"</(td|tr|p|tbody|html|body)>", "", plain(report).decode()).encode(), [report.truth()]


@case("html/foot-before-body.html", "a tfoot that stands before the tbody", "its rows are the last of the table")
def foot_first():
    report = Report("html-foot-before-body")
    text = plain(report).decode()
    rows = re.findall(r"<tr>.*?</tr>", text, re.S)
    last = next(row for row in rows if "结转下年度继续办理" in row)
    first = next(row for row in rows if CORNER[:8] in row)
    text = text.replace(last + "\n", "")
    at = text.rindex("<tbody>", 0, text.index(first))
    return (text[:at] + f"<tfoot>{last}</tfoot>\n" + text[at:]).encode(), [report.truth()]


@case("html/head-and-caption.html", "thead, th and captions", "headers are marked, and each table is named above it")
def head_caption():
    report = Report("html-head-and-caption")
    table = lambda table: table_html(table, lambda cell: web.cell_html(cell) if cell.key else web.cell_html(cell).replace("<td", "<th").replace("</td>", "</th>"), head=True).replace(">\n<thead>", "><caption>表格（单位：件）</caption>\n<thead>", 1)
    return page(body(report.blocks(), table=table)), [report.truth()]


@case("html/label-row-of-its-own.html", "a label that goes down over its rows, alone in a row of its own", "a row in which no cell ends is seen by nobody")
def label_row():
    report = Report("html-label-row-of-its-own")
    text = body(report.blocks())
    cell = re.search(r'<td rowspan="(\d+)">（三）不予公开</td>', text)
    more = f'<td rowspan="{int(cell[1]) + 1}">（三）不予公开</td></tr>\n<tr>'
    text = text.replace(cell[0], more)
    outer = re.search(r'<td rowspan="(\d+)">三、本年度办理结果</td>', text)
    return page(text.replace(outer[0], outer[0].replace(outer[1], str(int(outer[1]) + 1)))), [report.truth()]


@case("html/figures-in-tables.html", "each figure in a table of one cell", "a table of one cell is none")
def figures_in_tables():
    report = Report("html-figures-in-tables")
    cell = lambda cell: web.cell_html(cell, f"<table><tr><td>{cell.text}</td></tr></table>") if cell.key else web.cell_html(cell)
    return page(body(report.blocks(), table=lambda table: table_html(table, cell))), [report.truth()]


@case("html/tables-in-a-table.html", "the report's tables in the cells of a table that has data too", "metadata and the whole report share one table")
def tables_in_table():
    report = Report("html-tables-in-a-table")
    rows = f"<tr><td>索引号</td><td>0000/1</td></tr><tr><td>发布机构</td><td>{report.agency}</td></tr><tr><td>生成日期</td><td>2024-01-15</td></tr>"
    return page(f'<table border=1>{rows}<tr><td colspan=2>{body(report.blocks())}</td></tr></table>'), [report.truth()]


@case("html/hidden-rows.html", "a hidden row with figures of the form", "read like any other, with a warning")
def hidden_rows():
    report = Report("html-hidden-rows")
    text = plain(report).decode()
    at = text.rindex("<tr>", 0, text.index("1.信访举报投诉类申请"))
    return (text[:at] + '<tr style="display: none">' + text[at + 4:]).encode(), [report.truth()]


# Text.

@case("html/hidden-text.html", "hidden figures beside those that people see", "display:none, hidden, font-size:0, comments, templates, noscript, scripts")
def hidden_text():
    report = Report("html-hidden-text")
    ways = ['<span style="display:none">9</span>', "<b hidden>8</b>", '<i style="font-size:0px">7</i>', "<!-- 6 -->", "<template>5</template>",
            "<noscript>4</noscript>", "<script>document.write(3)</script>", '<span style="VISIBILITY: hidden">2</span>', '<input type="hidden" value="1">']
    count = iter(range(10_000))
    cell = lambda cell: web.cell_html(cell, cell.text + ways[next(count) % len(ways)]) if cell.key else web.cell_html(cell)
    return page(body(report.blocks(), table=lambda table: table_html(table, cell))), [report.truth()]


@case("html/digits-apart.html", "digits split over tags, with marks that nobody sees between them", "<span>3</span><span>7</span> is 37; so is 3, a soft hyphen, a zero-width blank, 7")
def digits_apart():
    report = Report("html-digits-apart")
    between = iter(["</span><span>", "&shy;", "&#8203;", "</font></b><b><font>", "<wbr>", "<!-- -->"] * 1000)
    split = lambda text: "<b><font><span>" + "".join(c + next(between) for c in text[:-1]) + text[-1:] + "</span></font></b>"
    cell = lambda cell: web.cell_html(cell, split(cell.text)) if cell.key else web.cell_html(cell)
    return page(body(report.blocks(), table=lambda table: table_html(table, cell))), [report.truth()]


@case("html/note-marks.html", "superscript marks of notes behind figures", "37 with a note 1 is not 371")
def note_marks():
    report = Report("html-note-marks")
    marks = {"disclosure.rules.issued": "1", "disclosure.penalties.decisions": "[2]"}
    cell = lambda cell: web.cell_html(cell, f"{cell.text}<sup>{marks[cell.key]}</sup>") if cell.key in marks else web.cell_html(cell)
    return page(body(report.blocks(), table=lambda table: table_html(table, cell))), [report.truth()]


@case("html/breaks-for-paragraphs.html", "paragraphs parted by line breaks alone", "as old editors wrote: <br><br>, blanks for the indent")
def breaks():
    report = Report("html-breaks-for-paragraphs")
    text = lambda block: f"　　{web.lines(block.text)}<br><br>" if block.kind not in ("title",) else f"<center>{block.text}</center>"
    return page("<div>" + body(report.blocks(), text) + "</div>"), [report.truth()]


@case("html/blanks.html", "&nbsp; round figures and lines wrapped in the middle of a text", "a line end of the source is no blank between Han characters")
def blanks():
    report = Report("html-blanks")
    wrap = lambda text: "\n".join(text[at:at + 11] for at in range(0, len(text), 11))
    text = lambda block: f"<p>\n  &nbsp;&emsp;{wrap(block.text) if block.kind == 'p' else block.text}\n</p>"
    cell = lambda cell: web.cell_html(cell, f"\n  &nbsp; {cell.text}\n &nbsp;") if cell.key else web.cell_html(cell)
    return page(body(report.blocks(), text, lambda table: table_html(table, cell))), [report.truth()]


@case("html/list-numbers.html", "headings numbered by an ordered list", "the numbers stand nowhere in the text")
def list_numbers():
    report = Report("html-list-numbers")
    text = body(report.blocks())
    for mark in "一二三四五六":
        item = "<ol style='list-style-type: cjk-ideographic' start=" + str("一二三四五六".index(mark) + 1) + "><li>"
        text = re.sub(rf"<h2>{mark}、(.*?)</h2>", rf"{item}\1</li></ol>", text)
    return page(text), [report.truth()]


@case("html/form-fields.html", "figures in the fields of a form", "a page to be filled in, saved when it was")
def form_fields():
    report = Report("html-form-fields")
    ways = iter([lambda text: f'<input type="text" value="{text}">', lambda text: f"<textarea>{text}</textarea>",
                 lambda text: f"<select><option>0</option><option selected>{text}</option></select>"] * 1000)
    cell = lambda cell: web.cell_html(cell, next(ways)(cell.text)) if cell.key else web.cell_html(cell)
    return page("<form>" + body(report.blocks(), table=lambda table: table_html(table, cell)) + "</form>"), [report.truth()]


@case("html/deleted-text.html", "deleted and inserted text", "del is left out, ins is read")
def deleted():
    report = Report("html-deleted-text")
    cell = lambda cell: web.cell_html(cell, f"<del>{int(float(cell.text)) + 5}</del><ins>{cell.text}</ins>") if cell.key else web.cell_html(cell)
    return page(body(report.blocks(), table=lambda table: table_html(table, cell))), [report.truth()]


@case("html/readings.html", "the readings of rare characters in ruby", "the reading is no text")
def ruby():
    report = Report("html-readings", agency="砚池县水务局")
    return plain(report).decode().replace("<h1>砚", "<h1><ruby>砚<rp>（</rp><rt>yàn</rt><rp>）</rp></ruby>").encode(), [report.truth()]


@case("html/pictures-for-tables.html", "pictures in place of the tables", "no figure is made up from their texts")
def pictures():
    report = Report("html-pictures-for-tables")
    report.lose(*[key for key in report.figures])
    picture = lambda table: '<p><img src="table.png" alt="规章 1 2 3" width="700"></p>'
    content = f'<div class="TRS_Editor">{body(report.blocks(), table=picture)}</div>'
    return page(content), [report.truth(status="review", may_be_refused=True)]


@case("html/other-page.html", "a page of news", "no report is made of it")
def other_page():
    report = Report("html-other-page")
    content = government(report, [Text("p", "今年一季度，全县完成河道清理十二公里，比去年同期多三公里。"), Text("p", "下一步将继续清理支流。")])
    return page(content.replace("政府信息公开工作年度报告", "河道清理"), "河道清理"), no_report("no_report_found")


# Broken ones.

@case("broken/deep.html", "a hundred thousand div in one another, each with a paragraph", "depth is limited as browsers limit it")
def deep():
    return page("<div><p>字" * 100_000), no_report("no_report_found", "review")


@case("broken/deep-tables.html", "five thousand tables in one another", "each cell holds the next table")
def deep_tables():
    return page("<table><tr><td>规章<td>1<tr><td>文件<td>" * 5_000), no_report("no_report_found", "review")


@case("broken/formatting-unclosed.html", "formatting that is never closed, each with an attribute of its own", "every paragraph would open all of them again")
def formatting():
    return page("".join(f"<p><b id={n}><i class=c{n}>字" for n in range(5_000))), no_report("no_report_found", "review")


@case("broken/spans-huge.html", "cells over 1,000 columns and 65,534 rows, by the hundred", "thirty bytes that ask for sixty-five million slots")
def spans_huge():
    return page(("<table>" + "<tr><td rowspan=65534 colspan=1000>" * 20 + "<tr>" * 300 + "</table>") * 10), no_report("no_report_found", "review")


@case("broken/truncated.html", "a report cut in the middle of a tag", "a download that broke off")
def truncated():
    report = Report("html-truncated")
    content = plain(report)
    return content[:content.index("（四）无法提供".encode()) - 2], no_report("review", "no_report_found")


@case("broken/no-page.mht", "a single file web page without a page", "only a picture is in it")
def no_page():
    return mhtml([("http://x.invalid/a.png", "image/png", "base64", b"nothing")]), no_report("corrupt")


@case("broken/boundary-missing.mht", "a single file web page whose boundary never comes", "headers and then nothing that fits them")
def no_boundary():
    return b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n<html><body>1</body></html>', no_report("corrupt")


@case("broken/frames-missing.html", "a frameset whose frames are in other files", "what they hold is not here")
def frames_missing():
    return b"<html><frameset><frame src=sheet001.htm><frame src=sheet002.htm></frameset></html>", no_report("no_report_found")


@case("broken/tags-nonsense.html", "tags that end what never began, attributes without end, entities without names", "whatever a page can get wrong")
def nonsense():
    return page("</td></table><tr><td>1</i></b><table><td><p></table></div>" * 500 + "<a " + "x=" * 5_000 + "&#xFFFFFF;&#0;&bogus;<![CDATA[ ]]><?php ?><" + "</" * 500), no_report("no_report_found", "review")
