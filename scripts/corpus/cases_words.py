"""Titles, agencies, dates, headings and labels as publishers write them; and texts that are no report."""

import docx
from case import case, no_report
from forms import CORNER
from report import HEADINGS, Report
from table import Cell, Row, Table, Text


# Titles and agencies.

@case("docx/title-three-lines.docx", "the title over three paragraphs", "agency, year, and the rest each on its own line")
def title_three():
    report = Report("title-three-lines")
    report.title = [report.agency, f"{report.year}年", "政府信息公开工作年度报告"]
    return docx.document(report.blocks()), [report.truth()]


@case("docx/title-line-breaks.docx", "the title broken by line breaks and blanks", "one paragraph of two lines, blanks round the year")
def title_breaks():
    report = Report("title-line-breaks")
    report.title = [f"{report.agency} {report.year} 年\n政府信息公开 工作年度报告"]
    return docx.document(report.blocks()), [report.truth()]


@case("docx/title-about.docx", "关于2021年度政府信息公开工作的年度报告", "the year in the middle, 年度 for 年")
def title_about():
    report = Report("title-about", year=2021)
    report.title = [f"{report.agency}关于2021年度政府信息公开工作的年度报告"]
    return docx.document(report.blocks()), [report.truth()]


@case("docx/title-year-late.docx", "the year behind 工作: 政府信息公开工作2022年度报告", "the year is not where the usual title has it")
def title_late():
    report = Report("title-year-late", year=2022)
    report.title = [f"{report.agency}政府信息公开工作2022年度报告"]
    return docx.document(report.blocks()), [report.truth()]


@case("docx/title-year-first.docx", "the year before the agency", "2023年 stands first")
def title_first():
    report = Report("title-year-first")
    report.title = [f"2023年{report.agency}政府信息公开工作年度报告"]
    return docx.document(report.blocks()), [report.truth()]


@case("docx/title-chinese-year.docx", "the year in Chinese numerals: 二〇二三年", "read as 2023, printed as it stands")
def title_chinese():
    report = Report("title-chinese-year")
    report.title = [f"{report.agency}二〇二三年政府信息公开工作年度报告"]
    return docx.document(report.blocks()), [report.truth()]


@case("docx/title-twice.docx", "the title printed twice", "once as page title, once in the text")
def title_twice():
    report = Report("title-twice")
    blocks = report.blocks()
    return docx.document([blocks[0], *blocks]), [report.truth()]


@case("docx/agency-in-sign-off.docx", "the title names no agency, the sign-off does", "agency from the last lines")
def agency_sign_off():
    report = Report("agency-in-sign-off")
    report.title = ["2023年政府信息公开工作年度报告"]
    blocks = report.blocks()
    blocks[1].text = blocks[1].text.replace(f"，由{report.agency}编制", "")
    return docx.document(blocks), [report.truth()]


@case("docx/metadata-block.docx", "a table of metadata before the title", "索引号, 发布机构, 成文日期: no part of the report's figures")
def metadata():
    report = Report("metadata-block")
    block = Table(4, [
        Row([Cell("索引号"), Cell("01023344-2/2024-00071"), Cell("分类"), Cell("政府信息公开年报")]),
        Row([Cell("发布机构"), Cell(report.agency), Cell("成文日期"), Cell("2024-01-15")]),
        Row([Cell("文号"), Cell("无"), Cell("有效性"), Cell("有效")]),
    ])
    return docx.document([block, *report.blocks()]), [report.truth()]


# Dates.

@case("docx/date-chinese.docx", "the date as 二〇二四年一月十五日", "read as 2024-01-15")
def date_chinese():
    report = Report("date-chinese")
    report.date = "二〇二四年一月十五日"
    return docx.document(report.blocks()), [report.truth()]


@case("docx/date-chinese-zero.docx", "the date as 二○二四年二月二十九日, with the circle ○", "another sign for zero, and a leap day")
def date_circle():
    report = Report("date-chinese-zero")
    report.date, report.published = "二○二四年二月二十九日", "2024-02-29"
    return docx.document(report.blocks()), [report.truth()]


@case("docx/date-head-line.docx", "the date in a line under the title: （2024年1月23日）", "no date at the end")
def date_head():
    report = Report("date-head-line")
    report.head_line, report.date, report.published = "（2024年1月23日）", "", "2024-01-23"
    return docx.document(report.blocks()), [report.truth()]


@case("docx/date-lost-words.docx", "a date that lost 年: 20241月15日", "read as the one date it can be, or not at all; never as another")
def date_lost():
    report = Report("date-lost-words")
    report.date = "20241月15日"
    return docx.document(report.blocks()), [report.truth(may_be_null=["published"])]


@case("docx/date-blanks.docx", "blanks inside the date: 2024 年 1 月 15 日", "blanks are no part of a date")
def date_blanks():
    report = Report("date-blanks")
    report.date = "2024 年 1 月 15 日"
    return docx.document(report.blocks()), [report.truth()]


@case("docx/date-missing.docx", "no date at all", "the period's dates are not the date of the report")
def date_missing():
    report = Report("date-missing")
    report.date, report.published = "", None
    return docx.document(report.blocks()), [report.truth()]


# Headings.

@case("docx/headings-restarted.docx", "numbering begins again at the tables: 一, then 一, 二, 三, 五", "headings are known by their words")
def headings_restarted():
    report = Report("headings-restarted")
    set_numbers(report, "一一二三五六")
    return docx.document(report.blocks()), [report.truth()]


@case("docx/headings-doubled.docx", "（二） used twice and doubled marks （二）（一）", "marks of parts that do not count as sections")
def headings_doubled():
    report = Report("headings-doubled")
    overview = report.overview()
    overview[0].text, overview[2].text, overview[5].text = "（二）（一）主动公开", "（二）依申请公开", "（二）政府信息管理"
    return docx.document(report.blocks(overview=overview)), [report.truth()]


@case("docx/headings-arabic.docx", "1、 in place of 一、", "the mark is another, the words are the same")
def headings_arabic():
    report = Report("headings-arabic")
    for number, kind in enumerate(report.headings, 1):
        report.headings[kind] = f"{number}、" + bare(kind)
    return docx.document(report.blocks()), [report.truth()]


@case("docx/headings-without-numbers.docx", "headings without any number", "known by their words alone")
def headings_bare():
    report = Report("headings-without-numbers")
    report.headings = {kind: bare(kind) for kind in report.headings}
    return docx.document(report.blocks()), [report.truth()]


@case("docx/headings-blank-before.docx", "blanks before the headings", "half-width, full-width and no-break blanks")
def headings_blank():
    report = Report("headings-blank-before")
    for pad, kind in zip([" ", "　　", "\u00a0 ", "  ", "　", "   "], report.headings):
        report.headings[kind] = pad + report.headings[kind]
    return docx.document(report.blocks()), [report.truth()]


@case("docx/headings-on-text-line.docx", "headings 五 and 六 on the line of their text", "the words go on behind the heading")
def headings_line():
    report = Report("headings-on-text-line")
    blocks = report.blocks()
    for kind in ("problems", "other"):
        at = next(i for i, b in enumerate(blocks) if isinstance(b, Text) and b.text == report.headings[kind])
        blocks[at].text += "。" + blocks.pop(at + 1).text
    return docx.document(blocks), [report.truth(says={"problems": "一是个别科室", "other": "没有收取"})]


@case("docx/headings-variants.docx", "headings in other words", "报备 for 报告, 收到的处理, the wording of the 2019 notice")
def headings_variants():
    report = Report("headings-variants")
    report.headings = {
        "overview": "一、政府信息公开工作总体情况",
        "disclosure": "二、行政机关主动公开政府信息情况",
        "requests": "三、收到的处理政府信息公开申请情况",
        "remedies": "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "problems": "五、政府信息公开工作存在的主要问题及改进情况",
        "other": "六、其他需要报备的事项",
    }
    return docx.document(report.blocks()), [report.truth()]


@case("docx/headings-variants-2.docx", "headings in still other words", "政府政府, 及 for 、, 改进措施, 其它")
def headings_variants_2():
    report = Report("headings-variants-2")
    report.headings = {
        "overview": "一、总体情况",
        "disclosure": "二、主动公开政府政府情况",
        "requests": "三、政府信息公开申请情况",
        "remedies": "四、行政复议及行政诉讼情况",
        "problems": "五、主要问题及改进措施",
        "other": "六、其它需要报告的事项",
    }
    return docx.document(report.blocks()), [report.truth()]


@case("docx/section-6-missing.docx", "section 六 is missing", "five sections, all figures")
def section_6_missing():
    report = Report("section-6-missing")
    del report.headings["other"]
    return docx.document(report.blocks()), [report.truth(None)]


@case("docx/preamble-in-section-1.docx", "preamble and period inside section 1", "the report begins with its first heading")
def preamble_inside():
    report = Report("preamble-in-section-1")
    blocks = report.blocks()
    blocks[1], blocks[2] = blocks[2], blocks[1]
    return docx.document(blocks), [report.truth()]


def bare(kind):
    return HEADINGS[kind].split("、", 1)[1]


def set_numbers(report, numbers):
    report.headings = {kind: f"{number}、{bare(kind)}" for kind, number in zip(report.headings, numbers)}


# Labels.

@case("docx/labels-varied.docx", "labels as publishers vary them", "三类内容事务信息, straight quotes, （区分处理）, 科研企业, 现行有效件, 逾期不补正 …")
def labels_varied():
    report = Report("labels-varied")
    report.labels = {
        "第二十条第（一）项": "第二十条(一)项",
        "第二十条第（五）项": "第二十条\u00a0\u00a0第（五）项",
        "现行有效件数": "现行有效件",
        "行政规范性文件": "规范性文件",
        "科研机构": "科研企业",
        "商业企业": "商业 企业",
        "（一）予以公开": "(一) 予以公开",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "（二）部分公开（区分处理）",
        "1.属于国家秘密": "1. 属于国家秘密",
        "3.危及“三安全一稳定”": '3.危及"三安全一稳定"',
        "5.属于三类内部事务信息": "5.属于三类内容事务信息",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1.逾期不补正",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2.逾期不缴费",
        "结果维持": "结果 维持",
        "尚未审结": "尚未审\u00a0结",
    }
    return docx.document(report.blocks()), [report.truth()]


@case("docx/labels-half-width.docx", "half-width punctuation in all labels", "(一) , : and straight quotes throughout")
def labels_half_width():
    report = Report("labels-half-width")
    blocks = report.blocks()
    for block in blocks:
        if not isinstance(block, Text):
            for row in block.rows:
                for cell in row.cells:
                    cell.text = half_width(cell.text)
    return docx.document(blocks), [report.truth()]


def half_width(text):
    return text.translate(str.maketrans("（），：；“”", '(),:;""'))


@case("docx/labels-without-numbers.docx", "row labels of table 3 without their numbers", "属于国家秘密 in place of 1.属于国家秘密")
def labels_bare():
    report = Report("labels-without-numbers")
    for _, rows in report.groups:
        for _, label in rows:
            if len(rows) > 1:
                report.labels[label] = label.split(".", 1)[1]
    return docx.document(report.blocks()), [report.truth()]


@case("docx/labels-without-corner.docx", "no text in the corner of table 3", "the note on the equations is left out")
def labels_corner():
    report = Report("labels-without-corner")
    report.labels = {CORNER: ""}
    return docx.document(report.blocks()), [report.truth()]


@case("docx/labels-2019-cut.docx", "本年新制作数量 cut to 本年新", "the edition is still told by 对外公开总数量 and the procurement rows")
def labels_cut():
    report = Report("labels-2019-cut", "2019")
    report.labels = {"本年新制作数量": "本年新\n制作数量", "本年新公开数量": "本年新", "第二十条第（九）项": "第二十条第（八）项"}
    return docx.document(report.blocks()), [report.truth()]


@case("docx/labels-one-wrong.docx", "one misprinted row label", "行攻许可 is read as the nearest label, or lost; never as another row")
def labels_wrong():
    report = Report("labels-one-wrong")
    report.labels = {"行政许可": "行攻许可", "2.重复申请": "2.重覆申请"}
    report.may_be_lost = ["disclosure.licensing.decisions", *report.row("outcome.not_processed.duplicate")]
    return docx.document(report.blocks()), [report.truth(None)]


# Simplified and traditional form of the characters in the form's own words.
TRADITIONAL = {ord(pair[0]): pair[1] for pair in (
    "总總 计計 开開 报報 关關 况況 办辦 处處 结結 转轉 续續 数數 据據 系係 请請 规規 发發 废廢 现現 决決 许許 罚罰 强強 费費 单單 万萬 业業 组組 织織 机機 "
    "构構 务務 维維 纠糾 审審 讼訟 复復 议議 题題 进進 项項 体體 动動 无無 属屬 于於 国國 护護 权權 类類 过過 执執 询詢 没沒 补補 后後 确確 举舉 诉訴 当當 "
    "认認 获獲 会會 稳穩 为為 县縣 书書 门門 统統 录錄 编編 网網 页頁 级級 长長 时時 间間 实實 际際 农農 订訂 闻聞 听聽 导導 签簽 负負 责責 "
).split()}


@case("docx/traditional.docx", "a report in traditional characters", "a mirror of the page: the labels are the same words")
def traditional():
    report = Report("traditional", agency="云汀县水务局")
    blocks = report.blocks()
    for block in blocks:
        if isinstance(block, Text):
            block.text = block.text.translate(TRADITIONAL)
        else:
            for row in block.rows:
                for cell in row.cells:
                    cell.text = cell.text.translate(TRADITIONAL)
    report.may_be_lost = list(report.figures)
    truth = report.truth(None, may_be_refused=True)
    truth["title"] = truth["title"].translate(TRADITIONAL)
    truth["agency"] = truth["agency"].translate(TRADITIONAL)
    truth["headings"] = [heading.translate(TRADITIONAL) for heading in truth["headings"]]
    return docx.document(blocks), [truth]


# No report.

@case("docx/explanatory-page.docx", "a page that explains the report", "the words of a report, no headings and no tables of it")
def explanatory():
    lines = [
        "一图读懂白鹭区水务局2023年政府信息公开工作年度报告",
        "近日，白鹭区水务局公布了2023年的年度报告，这里用几句话说明其中的要点。",
        "去年全局共收到申请14件，其中12件已经答复，2件转入今年办理。",
        "今年还要把栏目再理一遍，让要找的文件三步之内能找到。",
    ]
    return docx.document([Text("p", line) for line in lines]), no_report()


@case("docx/ordinary-document.docx", "an ordinary document with a table", "a notice of a meeting is no report")
def ordinary():
    table = Table(3, [
        Row([Cell("时间"), Cell("议题"), Cell("人数")]),
        Row([Cell("上午"), Cell("防汛物资清点"), Cell("12")]),
        Row([Cell("下午"), Cell("河道巡查安排"), Cell("9")]),
    ])
    return docx.document([Text("p", "关于召开防汛准备会的通知"), Text("p", "各科室："), table, Text("p", "请准时参加。")]), no_report()


@case("docx/no-text.docx", "a document without any text", "one empty paragraph")
def no_text():
    return docx.package("<w:p/>"), no_report()


@case("docx/notice-with-form-names.docx", "a notice that quotes all six headings", "an instruction how to write the report, with no figures")
def notice_with_headings():
    lines = ["关于编写2023年政府信息公开工作年度报告的通知", "各单位报送的材料应依次包括以下各部分：" + "；".join(HEADINGS.values()) + "。", "请于1月20日前报送。"]
    return docx.document([Text("p", line) for line in lines]), no_report("no_report_found", "review")
