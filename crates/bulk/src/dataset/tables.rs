//! The tables of the dataset: every column with its type, unit, codes and words.

use super::columns::{Codes, Column, Foreign, Table, boolean, count, date, decimal, integer, number, text};

/// A table's place among [`TABLES`].
pub(crate) const FIGURES: usize = 0;
pub(crate) const REPORTS: usize = 1;
pub(crate) const FINDINGS: usize = 2;
pub(crate) const WARNINGS: usize = 3;
pub(crate) const SECTIONS: usize = 4;
pub(crate) const DOCUMENTS: usize = 5;
pub(crate) const FIELDS: usize = 6;
/// From here on: only where tables were asked for.
pub(crate) const GRIDS: usize = 7;
pub(crate) const CELLS: usize = 8;

/// Every table, in the order of [`FIGURES`] and its kin.
pub(crate) const TABLES: [Table; 9] = [
    FIGURES_TABLE,
    REPORTS_TABLE,
    FINDINGS_TABLE,
    WARNINGS_TABLE,
    SECTIONS_TABLE,
    DOCUMENTS_TABLE,
    FIELDS_TABLE,
    GRIDS_TABLE,
    CELLS_TABLE,
];

const STATES: Codes = Codes::These(&[
    ("read", "a number stands there", "读到数值"),
    ("blank", "the cell is there and holds nothing", "单元格为空白"),
    ("dash", "the cell holds a mark that says none (/, —, 无)", "单元格内为“/”“—”“无”等表示没有的符号"),
    ("lost", "the cell is not there, or what it says cannot be told", "单元格缺失或无法确定"),
]);

const SEVERITIES: Codes = Codes::These(&[
    ("info", "worth knowing", "提示"),
    ("warning", "probably wrong, or said in two ways", "很可能有误，或前后说法不一"),
    ("error", "the report contradicts itself or its form", "报告自相矛盾或不合格式"),
]);

const SECTION_KINDS: Codes = Codes::These(&[
    ("overview", "overview", "总体情况"),
    ("disclosure", "information disclosed on the agency's own initiative", "主动公开政府信息情况"),
    ("requests", "requests received and handled", "收到和处理政府信息公开申请情况"),
    ("remedies", "administrative reconsideration and litigation", "政府信息公开行政复议、行政诉讼情况"),
    ("problems", "problems and improvements", "存在的主要问题及改进情况"),
    ("other", "other matters, and sections that the form does not know", "其他需要报告的事项及其他部分"),
]);

const TO_REPORT: Foreign = Foreign { columns: &["report"], table: "reports", to: &["report"] };
const TO_DOCUMENT: Foreign = Foreign { columns: &["document"], table: "documents", to: &["document"] };

const FIGURES_TABLE: Table = Table {
    name: "figures",
    en: "One row a figure: every cell that the form of the report asks for, also those that are blank or lost.",
    zh: "每行一个数据：报告所用格式要求的每一个单元格，包括空白和缺失的。",
    columns: &[
        text("report", "the report", "报告编号").required(),
        text("form", "the edition of the form", "格式版本").required().codes(Codes::Forms),
        integer("year", "the year reported on", "报告年度"),
        text("figure", "the key of the figure", "数据键名").required().codes(Codes::Figures),
        text("form_table", "the table of the form: first part of the key", "表（键名第一段）").required(),
        text(
            "form_row",
            "the row of the form: middle of the key; missing where the key has two parts",
            "行（键名中段）；键名只有两段的为空",
        ),
        text("form_column", "the column of the form: end of the key", "列（键名末段）").required(),
        text("label", "row and column as the form prints them", "行、列标签，照格式原文"),
        number(
            "value",
            "the number, for reckoning; the nearest that 64-bit floating point can hold",
            "数值（浮点，便于计算）",
        ),
        decimal(
            "exact",
            "the number exactly as printed; missing where it has more than 12 digits before the point, or more than 6 behind it",
            "数值（精确小数）",
        ),
        text("unit", "the unit that the form prints; missing where it fixes none", "单位（格式所印）；格式未定的为空"),
        text("raw", "the whole text of the cell; missing where nothing stands there", "单元格全文；空白的为空"),
        text(
            "state",
            "how it was found; blank, dash, lost and nought are four different things",
            "状态：空白、符号、缺失与零各不相同",
        )
        .required()
        .codes(STATES),
        boolean(
            "suspect",
            "broken sums meet in it: the fault is probably here",
            "多个不成立的勾稽关系交汇于此，疑为错处",
        )
        .required(),
        text("place", "where it stands in the source; several places parted by a comma", "原文位置；多处以逗号分隔"),
        count("source_page", 1, "the page of the first place, from 1 (PDF)", "页码，从1起（PDF）"),
        integer("source_x0", "left edge of the box of the first place", "位置框左边")
            .unit("points (1/72 inch), from the left of the page"),
        integer("source_y0", "upper edge of the box", "位置框上边").unit("points, from the top of the page, downwards"),
        integer("source_x1", "right edge of the box", "位置框右边").unit("points, from the left of the page"),
        integer("source_y1", "lower edge of the box", "位置框下边").unit("points, from the top of the page, downwards"),
        count("source_chunk", 1, "the embedded document that the place is in, from 1", "嵌入文档序号，从1起"),
        count(
            "source_table",
            1,
            "the table of the source, from 1 (Word, web pages)",
            "原文第几个表，从1起（Word、网页）",
        ),
        count("source_row", 1, "the row of that table or sheet, from 1", "原表或工作表的行，从1起"),
        count("source_column", 1, "the grid column of that table or sheet, from 1", "原表或工作表的列，从1起"),
        text("source_sheet", "the sheet (workbooks)", "工作表名"),
        text("source_cell", "the cell of the sheet: C7", "工作表单元格，如C7"),
        count("source_line", 1, "the line, from 1 (text)", "文本行号，从1起"),
        count("source_field", 1, "the field of the line, from 1 (text)", "行内第几栏，从1起"),
    ],
    key: &["report", "figure"],
    foreign: &[TO_REPORT],
    indexes: &[&["figure", "year"]],
    ordered_by: None,
    many: true,
};

const REPORTS_TABLE: Table = Table {
    name: "reports",
    en: "One row a report. A document may hold several.",
    zh: "每行一份报告。一个文件可含多份。",
    columns: &[
        text(
            "report",
            "the report: the first 32 digits of the SHA-256 of its document, and its part, from 1",
            "报告编号：文件SHA-256前32位及部分序号",
        )
        .required(),
        text(
            "document",
            "the document that it was read in: the first of those with the same bytes",
            "所在文件（内容相同者取首个）",
        )
        .required(),
        text("path", "the path of that document, ! before each step into an archive", "文件路径，压缩包内以!分隔")
            .required(),
        count(
            "part",
            1,
            "which report of the document it is, from 1; missing where there is one",
            "文件中第几份报告；只有一份的为空",
        ),
        text("format", "the format of the bytes", "文件格式").codes(Codes::Seen),
        count("bytes", 0, "the size of the document", "文件大小").unit("bytes"),
        text("sha256", "the SHA-256 of the document", "文件SHA-256").required(),
        text("status", "whether it can be used as it is", "状态").required().codes(Codes::These(&[
            ("ok", "every figure was read and no rule of severity error is broken", "数据齐全且无错误级问题"),
            (
                "review",
                "something is lost, ambiguous or broken: a person should look",
                "有缺失、歧义或错误，需人工查看",
            ),
        ])),
        text("form", "the edition of the form, told by its labels", "格式版本，依标签判定")
            .required()
            .codes(Codes::Forms),
        text("title", "the title as printed, without blanks and line breaks", "标题"),
        text("agency", "the agency as printed, without blanks and line breaks", "行政机关，照原文"),
        text(
            "agency_key",
            "the agency's name made comparable; missing where the name alone does not tell which agency it is",
            "规范化机关名，用于跨年对照；仅凭名称无法确定机关的为空",
        ),
        integer("year", "the year reported on", "报告年度"),
        date("published", "the date that the document itself states", "文内日期"),
        text("title_place", "where the title stands", "标题位置"),
        text("agency_place", "where the agency stands", "机关名位置"),
        text("year_place", "where the year stands", "年度位置"),
        text("published_place", "where the date stands", "日期位置"),
        count("figures", 0, "how many figures its form asks for", "应有数据个数").required(),
        count("figures_read", 0, "of those: numbers", "其中读到数值").required(),
        count("figures_blank", 0, "of those: blank cells", "其中空白").required(),
        count("figures_dash", 0, "of those: cells with a mark that says none", "其中符号").required(),
        count("figures_lost", 0, "of those: lost", "其中缺失").required(),
        number("share_found", "the share of its figures that are not lost", "未缺失的比例").unit("from 0 to 1"),
        count(
            "findings_error",
            0,
            "its findings of severity error; those of the year panel not counted",
            "错误级问题数（不含跨年对照）",
        )
        .required(),
        count("findings_warning", 0, "of severity warning", "警告级问题数").required(),
        count("findings_info", 0, "of severity info", "提示级问题数").required(),
        text(
            "broken_rules",
            "the codes of all rules that it breaks, each once, parted by blanks",
            "所违反规则的代码，以空格分隔",
        ),
        count("warnings", 0, "what reading it was not sure of", "读取警告数").required(),
    ],
    key: &["report"],
    foreign: &[TO_DOCUMENT],
    indexes: &[&["agency_key", "year"], &["document"]],
    ordered_by: Some("path"),
    many: false,
};

const FINDINGS_TABLE: Table = Table {
    name: "findings",
    en: "One row a finding: a rule that a report breaks, or that two reports of one agency break together (rules that begin with panel.).",
    zh: "每行一个问题：报告违反的规则，或同一机关两个年度对照发现的问题（规则代码以panel.开头）。",
    columns: &[
        text("report", "the report; for a finding of the year panel the later one", "报告编号；跨年对照取后一年")
            .required(),
        count("finding", 1, "which finding of the report it is, from 1", "该报告第几个问题").required(),
        text("rule", "the rule: `nianbao explain RULE` tells what it means", "规则代码").required().codes(Codes::Rules),
        text("severity", "how much it weighs", "严重程度").required().codes(SEVERITIES),
        text("figures", "the keys of the figures that it is about, parted by blanks", "涉及的数据键名，以空格分隔"),
        text("suspects", "those among them in which broken sums meet, parted by blanks", "其中的疑错数据，以空格分隔"),
        text("message", "what is wrong", "说明").required(),
        text("other_report", "the other report, for a finding of the year panel", "跨年对照的另一份报告"),
    ],
    key: &["report", "finding"],
    foreign: &[TO_REPORT, Foreign { columns: &["other_report"], table: "reports", to: &["report"] }],
    indexes: &[&["rule"]],
    ordered_by: None,
    many: false,
};

const WARNINGS_TABLE: Table = Table {
    name: "warnings",
    en: "One row a warning: what reading a report was not sure of, or left out.",
    zh: "每行一个警告：读取时的猜测或略去的内容。",
    columns: &[
        text("report", "the report", "报告编号").required(),
        count("warning", 1, "which warning of the report it is, from 1", "该报告第几个警告").required(),
        text("kind", "what happened", "类别").required().codes(Codes::Seen),
        text("message", "what happened, in words", "说明").required(),
        text(
            "place",
            "where; several places parted by a comma; missing where the whole document is meant",
            "位置；指整个文件的为空",
        ),
    ],
    key: &["report", "warning"],
    foreign: &[TO_REPORT],
    indexes: &[&["kind"]],
    ordered_by: None,
    many: false,
};

const SECTIONS_TABLE: Table = Table {
    name: "sections",
    en: "One row a section of a report's text.",
    zh: "每行报告正文的一个部分。",
    columns: &[
        text("report", "the report", "报告编号").required(),
        count("section", 1, "which section of the report it is, from 1", "第几部分").required(),
        text("kind", "what it is about", "类别").required().codes(SECTION_KINDS),
        text("heading", "its heading as printed", "标题，照原文"),
        text("text", "its text without the tables, paragraphs parted by line feeds", "正文，不含表格，段落以换行分隔"),
        text("place", "where the heading stands", "标题位置"),
    ],
    key: &["report", "section"],
    foreign: &[TO_REPORT],
    indexes: &[],
    ordered_by: None,
    many: false,
};

/// What is said of a document, here and in the status of a shard.
pub(crate) const PATH: Column =
    text("path", "its path as it is shown, ! before each step into an archive", "路径，压缩包内以!分隔").required();
pub(crate) const BYTES: Column =
    count("bytes", 0, "its size; missing where the bytes could not be had", "大小").unit("bytes");
pub(crate) const SHA256: Column =
    text("sha256", "the SHA-256 of its bytes; missing where they could not be had", "SHA-256");
pub(crate) const OUTCOME: Column = text("outcome", "what came of it", "结果").required().codes(Codes::These(&[
    ("ok", "all its reports have the status ok", "全部报告状态为ok"),
    ("review", "one of its reports has the status review", "有报告需人工查看"),
    ("failed", "no report could be made of it", "未能得到报告"),
]));
pub(crate) const REPORTS_HELD: Column = count("reports", 0, "how many reports it holds", "报告份数").required();
pub(crate) const KIND: Column =
    text("kind", "why there is no report, as a name to filter by", "失败类别").codes(Codes::Seen);
pub(crate) const MESSAGE: Column = text("message", "why there is no report, and what to do next", "失败原因及处理办法");

const DOCUMENTS_TABLE: Table = Table {
    name: "documents",
    en: "One row for each document that was met: a file, or a member of an archive, under each of its paths.",
    zh: "每行一个遇到的文件或压缩包成员，每条路径一行。",
    columns: &[
        text(
            "document",
            "the document: the first 32 digits of the SHA-256 of its path (of `raw_path` where there is one); with more behind it where a file has ! in \
             its name, or an archive two members of one name",
            "文件编号：路径（有raw_path者取其字节）SHA-256前32位；文件名含!或压缩包内重名者另加区分",
        )
        .required(),
        PATH,
        text(
            "raw_path",
            "the bytes of the path in hexadecimal, where they are not UTF-8 or hold control characters",
            "路径原始字节（十六进制），仅在与所示路径不同的时候",
        ),
        text(
            "canonical_path",
            "the path of the first document with the same bytes: its reports stand under that one",
            "内容相同的首个文件的路径，报告归于其下",
        )
        .required(),
        BYTES,
        SHA256,
        text("format", "the format of its bytes, where it is known", "格式").codes(Codes::Seen),
        boolean("gone", "its file has gone since it was read; what it gave is kept", "读取之后原文件已不在，结果保留")
            .required(),
        OUTCOME,
        REPORTS_HELD,
        KIND,
        MESSAGE,
    ],
    key: &["document"],
    foreign: &[],
    indexes: &[&["sha256"], &["path"]],
    ordered_by: Some("path"),
    many: false,
};

const FIELDS_TABLE: Table = Table {
    name: "fields",
    en: "One row for each figure that a form asks for: its key, labels and unit.",
    zh: "每行格式要求的一个数据：键名、标签和单位。",
    columns: &[
        text("form", "the edition of the form", "格式版本").required().codes(Codes::Forms),
        text("figure", "the key of the figure", "数据键名").required(),
        count("position", 1, "its place in the form, from 1, left to right and top to bottom", "在格式中的次序，从1起")
            .required(),
        text("form_table", "the table of the form", "表").required(),
        text("form_row", "the row of the form", "行"),
        text("form_column", "the column of the form", "列").required(),
        text("label", "row and column as the form prints them", "行、列标签，照格式原文").required(),
        text("label_en", "row and column in English", "行、列英文标签").required(),
        text("unit", "the unit that the form prints; missing where it fixes none", "单位"),
        boolean("decimals", "it may have decimals: an amount of money", "可有小数").required(),
        boolean("signed", "it may be negative", "可为负数").required(),
        boolean("alternative", "it stands in a row that some reports print in place of others", "属于替代行")
            .required(),
    ],
    key: &["form", "figure"],
    foreign: &[],
    indexes: &[],
    ordered_by: None,
    many: false,
};

const GRIDS_TABLE: Table = Table {
    name: "tables",
    en: "One row for each table that was found in a document, those of no form too, as `nianbao tables` prints them.",
    zh: "每行文件中的一个表，包括不属于格式的表。",
    columns: &[
        text("document", "the document", "文件编号").required(),
        count("table_index", 0, "which table of the document it is, from 0", "第几个表，从0起").required(),
        count("page", 1, "its first page, from 1 (PDF)", "首页页码，从1起（PDF）"),
        number("x0", "left edge on that page", "左边").unit("points"),
        number("y0", "upper edge", "上边").unit("points"),
        number("x1", "right edge", "右边").unit("points"),
        number("y1", "lower edge", "下边").unit("points"),
        count("row_count", 0, "how many rows it has", "行数").required(),
        count("col_count", 0, "how many columns it has", "列数").required(),
        count("nested_in_table", 0, "the table that it is nested in, from 0", "外层表，从0起"),
        count("nested_in_row", 0, "the row of the cell that it stands in, from 0", "外层单元格的行，从0起"),
        count("nested_in_col", 0, "the column of that cell, from 0", "外层单元格的列，从0起"),
    ],
    key: &["document", "table_index"],
    foreign: &[TO_DOCUMENT],
    indexes: &[],
    ordered_by: None,
    many: false,
};

const CELLS_TABLE: Table = Table {
    name: "cells",
    en: "One row for each cell of those tables; a merged cell is one cell.",
    zh: "每行上述表中的一个单元格；合并单元格为一个。",
    columns: &[
        text("document", "the document", "文件编号").required(),
        count("table_index", 0, "which table of the document, from 0", "第几个表，从0起").required(),
        count("row", 0, "its first row, from 0", "起始行，从0起").required(),
        count("col", 0, "its first column, from 0", "起始列，从0起").required(),
        count("row_span", 1, "how many rows it covers", "跨行数").required(),
        count("col_span", 1, "how many columns it covers", "跨列数").required(),
        text("text", "its text, paragraphs parted by line feeds; missing where it is blank", "内容；空白的为空"),
        text("role", "what it is in its table", "作用").required().codes(Codes::Seen),
        count("page", 1, "its page, from 1 (PDF)", "页码，从1起（PDF）"),
        number("x0", "left edge on that page", "左边").unit("points"),
        number("y0", "upper edge", "上边").unit("points"),
        number("x1", "right edge", "右边").unit("points"),
        number("y1", "lower edge", "下边").unit("points"),
        text("place", "where it stands in the source", "原文位置"),
    ],
    key: &["document", "table_index", "row", "col"],
    foreign: &[Foreign { columns: &["document", "table_index"], table: "tables", to: &["document", "table_index"] }],
    indexes: &[],
    ordered_by: None,
    many: true,
};
