//! A form of the user's own.

use serde_json::json;

use super::run::{corpus, file, nianbao};

const FORM: &str = r#"
name = "budget"
title = "某市部门预算公开表"
figures = 6

[[table]]
key = "budget"
label = "部门预算公开表"
unit = "万元"
columns = [
    { key = "income", label = "本年度财政拨款收入" },
    { key = "own", label = "本年度其他资金收入" },
    { key = "expense", label = "本年度支出预算合计" },
]
rows = [
    { key = "staff", label = "人员经费" },
    { key = "project", label = "专项业务经费" },
]

[[equation]]
code = "budget.row"
sum = "budget.ROW.income + budget.ROW.own = budget.ROW.expense"
zh = "每一行两项收入之和等于支出。"
en = "Each row: both incomes add up to the expense."
"#;

const REPORT: &str = "甲市乙局2023年部门预算公开\n\n\
    项目\t本年度财政拨款收入\t本年度其他资金收入\t本年度支出预算合计\n\
    人员经费\t12.5\t0.5\t13\n专项业务经费\t7\t1\t9\n";

/// The form in a file of this name: tests run at the same time.
fn form(name: &str) -> String {
    file(name, FORM.as_bytes())
}

#[test]
fn extract_fills_it_and_weighs_its_rules() {
    let report = file("budget.txt", REPORT.as_bytes());
    let run = nianbao(&["extract", "--form", &form("extract.toml"), &report]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    let line = &run.json()[0];
    assert_eq!(line["form"], "budget");
    assert_eq!(line["budget"]["staff"]["expense"], json!(13));
    assert_eq!(line["findings"][0]["rule"], "budget.row");
}

#[test]
fn show_draws_it() {
    let report = file("budget-to-show.txt", REPORT.as_bytes());
    let run = nianbao(&["show", "--form", &form("show.toml"), &report]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("部门预算公开表") && run.out.contains("9 ≠"), "{}", run.out);
}

#[test]
fn explain_and_schema_know_it() {
    let form = form("explain.toml");
    let run = nianbao(&["explain", "--form", &form, "budget.row"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("Each row: both incomes add up to the expense."), "{}", run.out);
    assert_eq!(nianbao(&["explain", "--form", &form, "requests.balance"]).code, 2);
    assert!(nianbao(&["schema", "--form", &form]).out.contains("本年度其他资金收入"));
}

#[test]
fn a_form_file_that_is_wrong_says_where() {
    let cases = [
        (file("syntax.toml", b"name = \"x\"\ntitle ="), "not a form file: TOML parse error at line 2"),
        (file("count.toml", FORM.replace("figures = 6", "figures = 7").as_bytes()), "it states 7 figures and holds 6"),
        (
            file("term.toml", FORM.replace("budget.ROW.own =", "budget.ROW.loan =").as_bytes()),
            "equation \"budget.row\"",
        ),
        (file("latin.toml", b"name = \"\xFF\""), "not a form file: not UTF-8 text"),
        ("missing.toml".to_owned(), "no such file"),
    ];
    let report = corpus("docx/plain-2021.docx");
    for (form, message) in cases {
        for command in ["extract", "show"] {
            let run = nianbao(&[command, "--form", &form, &report]);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{form}");
            let told = run.err.starts_with(&format!("error: {form}: ")) && run.err.contains(message);
            assert!(told, "{}", run.err);
        }
    }
}
