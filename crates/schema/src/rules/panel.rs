//! What reports of one agency tell of each other over the years. Weighed where many reports are at hand (`nianbao convert`); told here
//! like every other rule.

use super::Rule;
use crate::finding::Severity;

pub(super) const RULES: [Rule; 6] = [
    Rule {
        code: "panel.carried",
        severity: Severity::Warning,
        zh: "同一机关相邻两年的报告，表三逐列对照：上一年“四、结转下年度继续办理”应等于下一年“二、上年结转政府信息公开申请数量”。",
        en: "Two reports of one agency on consecutive years, each column of table 3: what one carries out is what the next carries in. It holds across editions of the form.",
    },
    Rule {
        code: "panel.stock",
        severity: Severity::Warning,
        zh: "同一机关相邻两年的报告（2021年格式），规章和行政规范性文件分别对照：上一年现行有效件数加本年制发件数、减本年废止件数，应等于本年现行有效件数。集中清理和统计口径调整也会造成不一致。",
        en: "Two reports of one agency on consecutive years (form of 2021), rules and normative documents each: in force last year plus issued minus repealed is in force this year. A clean-up or another way of counting breaks it too.",
    },
    Rule {
        code: "panel.year_differs",
        severity: Severity::Warning,
        zh: "同一机关同一年度有多份报告，且数据不同。对照相邻年度时，任一份相符即不提示。",
        en: "One agency has several reports on one year, and their figures differ. They are put beside other years all the same: whichever agrees counts.",
    },
    Rule {
        code: "panel.year_repeated",
        severity: Severity::Info,
        zh: "同一机关同一年度有多份文件，数据相同。",
        en: "One agency has several documents on one year with the same figures.",
    },
    Rule {
        code: "panel.year_missing",
        severity: Severity::Info,
        zh: "同一机关的报告年度不连续，缺少中间年度，前后无法对照。",
        en: "Between two reports of one agency a year is missing: they cannot be put beside each other.",
    },
    Rule {
        code: "panel.form_changed",
        severity: Severity::Info,
        zh: "相邻两年的报告使用不同版本的格式，表二的数据口径不同，不可比较；表三中只有“其他处理”的细分不可比较，表四可以比较。",
        en: "Two reports on consecutive years follow different editions of the form: table 2 is not comparable, nor are the parts of other handling in table 3; the rest of table 3, and table 4, are.",
    },
];
