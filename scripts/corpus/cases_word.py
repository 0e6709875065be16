"""What Word puts around the same words: numbering, changes, controls, boxes, fields, encodings."""

import docx
from case import case
from docx import content_control, paragraph, run
from report import HEADINGS, Report
from table import Cell, Row, Text

BARE = {kind: heading.split("、", 1)[1] for kind, heading in HEADINGS.items()}


# Text boxes.

@case("docx/title-in-text-box.docx", "the title in a text box, drawing and VML fallback", "AlternateContent: one branch is read, not both")
def title_box():
    report = Report("title-in-text-box")
    blocks = report.blocks()
    blocks[0].xml = paragraph(alternate(text_box(blocks[0].text)))
    return docx.document(blocks), [report.truth()]


@case("docx/title-in-vml-box.docx", "the title in a VML text box alone", "as older versions of Word wrote it")
def title_vml():
    report = Report("title-in-vml-box")
    blocks = report.blocks()
    blocks[0].xml = paragraph(f"<w:r>{vml(text_box(blocks[0].text))}</w:r>")
    return docx.document(blocks), [report.truth()]


@case("docx/table-in-text-box.docx", "table 4 in a text box", "figures in AlternateContent must not be read twice")
def table_box():
    report = Report("table-in-text-box")
    table = report.remedies_table()
    table.wrap = lambda xml: paragraph(alternate(xml + "<w:p/>"))
    return docx.document(report.blocks(remedies=[table])), [report.truth()]


def text_box(text):
    return paragraph(run(text), '<w:jc w:val="center"/>')


def alternate(content):
    """A text box as Word writes it: a drawing, and the same once more for readers that know no drawing."""
    return f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing(content)}</mc:Choice><mc:Fallback>{vml(content)}</mc:Fallback></mc:AlternateContent></w:r>'


def drawing(content):
    return (
        '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="5400000" cy="720000"/><wp:docPr id="1" name="文本框 1"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
        '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5400000" cy="720000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def vml(content):
    return f'<w:pict><v:shape id="box" type="#_x0000_t202" style="width:425pt;height:57pt"><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict>'


# Automatic numbers.

def level(index, style, text, start=1, more=""):
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'


def abstract(number, *levels):
    return f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{"".join(levels)}</w:abstractNum>'


def instance(number, of, overrides=""):
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def start_override(level, value):
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{value}"/></w:lvlOverride>'


def numbering(*parts):
    return f'<w:numbering xmlns:w="{docx.MAIN}">{"".join(parts)}</w:numbering>'


def styles(*parts):
    return f'<w:styles xmlns:w="{docx.MAIN}">{"".join(parts)}</w:styles>'


def style(name, properties, based_on=""):
    based_on = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>{based_on}<w:pPr>{properties}</w:pPr></w:style>'


def number_of(list_number, level=0):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_number}"/></w:numPr>'


CHINESE = abstract(0, level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3."))


def numbered(report, properties):
    """The report's blocks, the typed number of a heading taken off where `properties(block, index)` gives an automatic one."""
    blocks, index = report.blocks(), 0
    for block in blocks:
        if isinstance(block, Text) and block.kind in ("h1", "h2"):
            number = properties(block, index)
            if number:
                text = block.text.split("、" if block.kind == "h1" else "）", 1)[1]
                block.xml = paragraph(run(text), number)
            index += block.kind == "h1"
    return blocks


@case("docx/numbered-headings.docx", "headings numbered automatically", "一、 and （一） exist only in numbering.xml; the second level restarts")
def numbered_headings():
    report = Report("numbered-headings")
    blocks = numbered(report, lambda block, _: number_of(1, int(block.kind == "h2")))
    return docx.document(blocks, numbering=numbering(CHINESE, instance(1, 0))), [report.truth()]


@case("docx/numbered-by-style.docx", "headings numbered through an inherited style", "the paragraph names a style, its base style names the list")
def numbered_by_style():
    report = Report("numbered-by-style")
    sheet = styles(
        style("Base", number_of(1), ""), style("Chapter", '<w:outlineLvl w:val="0"/>', "Base"),
        style("Part", '<w:numPr><w:ilvl w:val="1"/></w:numPr>', "Base"),
    )
    blocks = numbered(report, lambda block, _: f'<w:pStyle w:val="{"Chapter" if block.kind == "h1" else "Part"}"/>')
    return docx.document(blocks, numbering=numbering(CHINESE, instance(1, 0)), styles=sheet), [report.truth()]


@case("docx/numbered-start-override.docx", "the first heading typed, the list starts at 二", "startOverride on a list instance")
def numbered_start():
    report = Report("numbered-start-override")
    blocks = numbered(report, lambda block, index: number_of(2) if block.kind == "h1" and index else "")
    lists = numbering(CHINESE, abstract(1, level(0, "chineseCountingThousand", "%1、")), instance(1, 0), instance(2, 1, start_override(0, 2)))
    return docx.document(blocks, numbering=lists), [report.truth()]


@case("docx/numbered-restart.docx", "automatic numbers begin again at the tables", "narrative 一, then the tables 一, 二, 三: headings are known by their words")
def numbered_restart():
    report = Report("numbered-restart")
    report.headings = {kind: number + "、" + BARE[kind] for kind, number in zip(BARE, "一一二三四五")}
    blocks = numbered(report, lambda block, index: number_of(1 if index == 0 else 2) if block.kind == "h1" else "")
    lists = numbering(CHINESE, instance(1, 0), instance(2, 0, start_override(0, 1)))
    return docx.document(blocks, numbering=lists), [report.truth()]


@case("docx/numbered-labels.docx", "the row labels of table 3 numbered automatically", "1. to 8. of each group come from a list that starts again in each group")
def numbered_labels():
    report = Report("numbered-labels")
    table = report.requests_table()
    lists = [abstract(1, level(0, "decimal", "%1."))]
    instances, number = [], 0
    for _, rows in report.groups:
        if len(rows) == 1:
            continue
        number += 1
        instances.append(instance(number, 1, start_override(0, 1)))
        for key, label in rows:
            cell = table.labelled(label)
            cell.xml = paragraph(run(label.split(".", 1)[1]), number_of(number))
    return docx.document(report.blocks(requests=[table]), numbering=numbering(*lists, *instances)), [report.truth()]


@case("docx/numbered-all-labels.docx", "一、 （一） 1. of table 3 numbered automatically in one list", "three levels run through the cells of a table")
def numbered_all():
    report = Report("numbered-all-labels")
    table = report.requests_table()
    lists = [abstract(3, level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3."))]
    for row in table.rows[3:]:
        for cell in row.cells:
            for depth, mark in enumerate(("、", "）", ".")):
                if not cell.key and mark in cell.text[:3]:
                    cell.xml = paragraph(run(cell.text.split(mark, 1)[1]), number_of(1, depth))
                    break
    return docx.document(report.blocks(requests=[table]), numbering=numbering(*lists, instance(1, 3))), [report.truth()]


# Tracked changes.

def inserted(runs):
    return f'<w:ins w:id="1" w:author="甲" w:date="2024-01-10T00:00:00Z">{runs}</w:ins>'


def deleted(text):
    return f'<w:del w:id="2" w:author="甲" w:date="2024-01-10T00:00:00Z">{run(text, tag="delText")}</w:del>'


@case("docx/changes-in-figures.docx", "deleted figures beside inserted ones", "37 deleted, 73 inserted: the cell holds 73")
def changes_figures():
    report = Report("changes-in-figures")
    blocks = report.blocks()
    tables = [block for block in blocks if not isinstance(block, Text)]
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                if cell.key and cell.key.split(".")[-1] in ("natural_person", "total", "issued", "amount", "upheld"):
                    cell.xml = paragraph(deleted(cell.text[::-1] + "7") + inserted(run(cell.text)))
    return docx.document(blocks), [report.truth()]


@case("docx/changes-within-figures.docx", "one digit of a figure deleted, another inserted", "1[del 9][ins 4]2 is 142")
def changes_digits():
    report = Report("changes-within-figures")
    table = report.requests_table()
    for row in table.rows[3:]:
        cell = row.cells[-1]
        cell.xml = paragraph(run(cell.text[:1]) + deleted("9") + inserted(run(cell.text[1:])) + deleted("0"))
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/changes-deleted-rows.docx", "deleted rows with other figures in table 3", "rows marked deleted are not read")
def changes_rows():
    report = Report("changes-deleted-rows")
    table = report.requests_table()
    for prefix in ("（七）", "二、", "（四）"):
        at = table.row_starting(prefix)
        cells = [Cell(cell.text, cell.columns, 1, "", paragraph(deleted(str(int(cell.text) + 3) if cell.key else cell.text))) for cell in table.rows[at].cells]
        if at > 5:
            table.labelled("三、本年度办理结果").rows += 1
        table.rows.insert(at, Row(cells, properties='<w:del w:id="3" w:author="甲" w:date="2024-01-10T00:00:00Z"/>'))
    return docx.document(report.blocks(requests=[table])), [report.truth()]


@case("docx/changes-inserted-rows.docx", "rows and a table marked inserted", "inserted text is text")
def changes_inserted():
    report = Report("changes-inserted-rows")
    blocks = report.blocks()
    for block in blocks:
        if not isinstance(block, Text):
            for row in block.rows:
                row.properties += '<w:ins w:id="4" w:author="甲" w:date="2024-01-10T00:00:00Z"/>'
                for cell in row.cells:
                    cell.xml = paragraph(inserted(run(cell.text)))
    return docx.document(blocks), [report.truth()]


@case("docx/changes-moved-paragraph.docx", "a paragraph moved from section 1 to section 5", "it is read where it went, not where it was")
def changes_moved():
    report = Report("changes-moved-paragraph")
    moved = "去年提出的三项改进已经全部落实。"
    author = 'w:author="甲" w:date="2024-01-10T00:00:00Z"'
    mark = f'w:id="9" {author}'
    origin = Text("p", "", f'<w:moveFromRangeStart w:id="8" w:name="move1" {author}/>' + paragraph(
        f"<w:moveFrom {mark}>{run(moved)}</w:moveFrom>", f"<w:rPr><w:moveFrom {mark}/></w:rPr>") + '<w:moveFromRangeEnd w:id="8"/>')
    target = Text("p", "", f'<w:moveToRangeStart w:id="10" w:name="move1" {author}/>' + paragraph(
        f"<w:moveTo {mark}>{run(moved)}</w:moveTo>", f"<w:rPr><w:moveTo {mark}/></w:rPr>") + '<w:moveToRangeEnd w:id="10"/>')
    blocks = report.blocks(overview=[*report.overview(), origin], problems=[target, *report.problems()])
    return docx.document(blocks), [report.truth(says={"problems": moved}, says_not={"overview": moved})]


@case("docx/changes-deleted-text.docx", "a deleted sentence and a deleted title year", "struck-out words are no text of the report")
def changes_text():
    report = Report("changes-deleted-text")
    blocks = report.blocks()
    blocks[0].xml = paragraph(run(report.agency) + deleted("2019") + inserted(run(str(report.year))) + run("年政府信息公开工作年度报告"))
    overview = next(block for block in blocks if isinstance(block, Text) and block.text.startswith("全年新收"))
    overview.xml = paragraph(deleted("全年新收政府信息公开申请1件。") + run(overview.text))
    return docx.document(blocks), [report.truth(says_not={"overview": "申请1件"})]


@case("docx/changes-inserted-cells.docx", "cells marked inserted", "cellIns is a mark, the cell is there")
def changes_cell():
    report = Report("changes-inserted-cells")
    table = report.remedies_table()
    mark = '<w:cellIns w:id="5" w:author="甲" w:date="2024-01-10T00:00:00Z"/></w:tcPr>'
    for cell in table.rows[3].cells[:3]:
        cell.wrap = lambda xml: xml.replace("</w:tcPr>", mark, 1)
    return docx.document(report.blocks(remedies=[table])), [report.truth()]


# Content controls.

@case("docx/controls-around-cells.docx", "content controls around cells", "a template with fields to fill in")
def controls_cells():
    report = Report("controls-around-cells")
    blocks = report.blocks()
    for cell in figure_cells(blocks):
        cell.wrap = content_control
    return docx.document(blocks), [report.truth()]


@case("docx/controls-around-rows.docx", "content controls around rows, some nested", "a repeating section")
def controls_rows():
    report = Report("controls-around-rows")
    blocks = report.blocks()
    for block in blocks:
        if not isinstance(block, Text):
            for index, row in enumerate(block.rows):
                row.wrap = (lambda xml: content_control(content_control(xml))) if index % 2 else content_control
    return docx.document(blocks), [report.truth()]


@case("docx/controls-around-paragraphs.docx", "content controls around paragraphs, runs and a table", "title, headings, date and figures stand in controls")
def controls_paragraphs():
    report = Report("controls-around-paragraphs")
    blocks = report.blocks()
    for block in blocks:
        if isinstance(block, Text):
            block.xml = content_control(docx.text_xml(block)) if block.kind != "date" else paragraph(content_control(run(block.text)))
        else:
            block.wrap = content_control
    for cell in figure_cells(blocks):
        cell.xml = paragraph(content_control(run(cell.text)))
    return docx.document(blocks), [report.truth()]


def figure_cells(blocks):
    return [cell for block in blocks if not isinstance(block, Text) for row in block.rows for cell in row.cells if cell.key]


# Runs, fields, hidden text.

@case("docx/digits-in-runs.docx", "the digits of a figure in several runs", "spelling marks and bookmarks stand between them")
def digits_in_runs():
    report = Report("digits-in-runs")
    blocks = report.blocks()
    between = '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="6" w:name="_GoBack"/><w:bookmarkEnd w:id="6"/>'
    for cell in figure_cells(blocks):
        cell.xml = paragraph(between.join(run(character, "<w:b/>" if index else "") for index, character in enumerate(cell.text)))
    blocks[0].xml = paragraph("".join(run(character) for character in blocks[0].text))
    return docx.document(blocks), [report.truth()]


@case("docx/fields.docx", "totals as formula fields, the year as a field", "the result is text, the instruction =SUM(LEFT) is not")
def fields():
    report = Report("fields")
    blocks = report.blocks()
    for cell in figure_cells(blocks):
        if cell.key.endswith(".total"):
            cell.xml = paragraph(complex_field("=SUM(LEFT) \\# 0", cell.text))
        elif cell.key.endswith(".enterprise"):
            cell.xml = paragraph(f'<w:fldSimple w:instr="DOCPROPERTY 27">{run(cell.text)}</w:fldSimple>')
    blocks[0].xml = paragraph(run(report.agency) + complex_field('DATE \\@ "yyyy"', str(report.year)) + run("年政府信息公开工作年度报告"))
    return docx.document(blocks), [report.truth()]


def complex_field(instruction, result):
    mark = lambda kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'
    return mark("begin") + f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>' + mark("separate") + run(result) + mark("end")


@case("docx/hidden-text.docx", "hidden figures and a hidden paragraph", "w:vanish: left out")
def hidden():
    report = Report("hidden-text")
    blocks = report.blocks()
    for index, cell in enumerate(figure_cells(blocks)):
        if index % 5 == 0:
            cell.xml = paragraph(run("9", "<w:vanish/>") + run(cell.text) + run("8", '<w:vanish w:val="true"/>'))
        elif index % 5 == 1:
            cell.xml = paragraph(run(cell.text, '<w:vanish w:val="false"/>'))
    draft = "草稿：数字待核。"
    blocks.insert(4, Text("p", "", paragraph(run(draft, "<w:vanish/>"))))
    return docx.document(blocks), [report.truth(says_not={"overview": draft})]


@case("docx/symbols.docx", "symbols, tabs, soft and no-break hyphens in the text", "w:sym, w:tab, w:noBreakHyphen beside labels and figures")
def symbols():
    report = Report("symbols")
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    blocks = report.blocks()
    overview = next(block for block in blocks if isinstance(block, Text) and block.text.startswith("每季度"))
    overview.xml = paragraph(tick + run(overview.text) + "<w:r><w:tab/><w:noBreakHyphen/><w:softHyphen/></w:r>")
    for cell in figure_cells(blocks):
        if cell.key.endswith(".other"):
            cell.xml = paragraph(f"<w:r><w:tab/></w:r>{run(cell.text)}<w:r><w:lastRenderedPageBreak/></w:r>")
    return docx.document(blocks), [report.truth(says={"overview": "每季度抽查一次"})]


@case("docx/notes-and-comments.docx", "footnotes and comments with figures in them", "the marks leave nothing in the cell")
def notes():
    report = Report("notes-and-comments")
    table = report.requests_table()
    cell = table.cell("requests.received.total")
    cell.xml = paragraph('<w:commentRangeStart w:id="0"/>' + run(cell.text) + '<w:r><w:footnoteReference w:id="2"/></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>')
    footnotes = f'<w:footnotes xmlns:w="{docx.MAIN}"><w:footnote w:id="2">{paragraph("<w:r><w:footnoteRef/></w:r>" + run("含转办12件"))}</w:footnote></w:footnotes>'
    comments = f'<w:comments xmlns:w="{docx.MAIN}"><w:comment w:id="0" w:author="乙">{paragraph(run("应为999？"))}</w:comment></w:comments>'
    return docx.document(report.blocks(requests=[table]), footnotes=footnotes, comments=comments), [report.truth()]


@case("docx/hyperlinks.docx", "words inside hyperlinks, smart tags and bidirectional runs", "text is read through every wrapper")
def hyperlinks():
    report = Report("hyperlinks")
    blocks = report.blocks()
    blocks[0].xml = paragraph(f'<w:hyperlink w:anchor="top">{run(report.agency)}</w:hyperlink><w:smartTag w:uri="urn:x" w:element="date">{run(str(report.year))}{run("年")}</w:smartTag>{run("政府信息公开工作年度报告")}')
    for cell in figure_cells(blocks):
        if cell.key.endswith(".research"):
            cell.xml = paragraph(f'<w:smartTag w:uri="urn:x" w:element="n">{run(cell.text)}</w:smartTag>')
    return docx.document(blocks), [report.truth()]


@case("docx/two-paragraphs-in-figure.docx", "an empty paragraph beside the figure in its cell", "the cell still holds one figure")
def two_paragraphs():
    report = Report("two-paragraphs-in-figure")
    blocks = report.blocks()
    for index, cell in enumerate(figure_cells(blocks)):
        cell.xml = "<w:p/>" * (index % 3) + paragraph(run(cell.text)) + "<w:p/>" * (index % 2)
    return docx.document(blocks), [report.truth()]


@case("docx/amount-on-two-lines.docx", "the digits of a figure on two lines of its cell", "12 over 34 may be one number or two: lost, never glued in silence")
def amount_on_two_lines():
    report = Report("amount-on-two-lines")
    table = report.disclosure_table()
    key = "disclosure.licensing.decisions"
    table.cell(key).xml = paragraph(run("12\n34"))
    report.lose(key)
    return docx.document(report.blocks(disclosure=[table])), [report.truth("review")]


# Encodings of the package.

@case("docx/strict-namespace.docx", "the strict namespace of ISO 29500", "every element has another namespace")
def strict():
    report = Report("strict-namespace")
    return docx.document(report.blocks(), strict=True), [report.truth()]


@case("docx/utf-16-part.docx", "document.xml in UTF-16", "allowed by the packaging standard")
def utf_16():
    report = Report("utf-16-part")
    return docx.document(report.blocks(), encoding="UTF-16"), [report.truth()]


@case("docx/other-prefix.docx", "the main namespace under another prefix", "names are known by their namespace")
def other_prefix():
    report = Report("other-prefix")
    xml = docx.document_xml(docx.body_xml(report.blocks()))
    for before, after in (("<w:", "<ns0:"), ("</w:", "</ns0:"), (" w:", " ns0:"), ("xmlns:w=", "xmlns:ns0=")):
        xml = xml.replace(before, after)
    files = docx.package_files("")
    files["word/document.xml"] = docx.part(xml)
    return docx.archive(files), [report.truth()]


@case("docx/numeric-entities.docx", "Chinese as numeric character references", "as some generators write it")
def entities():
    report = Report("numeric-entities")
    files = docx.package_files(docx.body_xml(report.blocks()))
    text = files["word/document.xml"].decode()
    files["word/document.xml"] = "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in text).encode()
    return docx.archive(files), [report.truth()]


@case("docx/other-part-name.docx", "the main part is not called word/document.xml", "the relationship names it")
def other_part_name():
    report = Report("other-part-name")
    files = docx.package_files(docx.body_xml(report.blocks()))
    files = {name.replace("word/document.xml", "word/document2.xml"): content.replace(b"word/document.xml", b"word/document2.xml") for name, content in files.items()}
    return docx.archive(files), [report.truth()]
