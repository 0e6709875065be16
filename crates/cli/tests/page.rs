//! The page of a comparison, opened and used in headless Chromium where there is one.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::corpora::{folder, forgetful_form, report, run};

/// What the browser may be called.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Uses the page as a person would, and leaves behind what it shows.
const USE: &str = r#"<script>
const seen = {};
const note = name => seen[name] = at("count").textContent;
const set = (id, value, kind) => { at(id).value = value; at(id).dispatchEvent(new Event(kind)); };
note("begin");
document.querySelector('[data-bucket="red"]').click();
note("red");
seen.hash = location.hash;
document.querySelector('[data-bucket="red"]').click();
document.querySelector('[data-bucket="new"]').click();
note("new");
at("clear").click();
set("rule", "figures.present", "change");
note("rule");
at("clear").click();
set("format", "html", "change");
note("format");
at("clear").click();
set("alike", at("alike").options[1].value, "change");
note("alike");
at("clear").click();
set("text", "乙局", "input");
note("text");
set("text", "nothing like it", "input");
note("nothing");
at("clear").click();
note("clear");
document.querySelector("article > button").click();
const opened = document.querySelector("article.opened");
seen.marked = [...opened.querySelectorAll("td.lost")].map(cell => cell.textContent);
seen.source = [...opened.querySelectorAll("td.here")].map(cell => cell.textContent);
seen.rules = opened.querySelector(".rules").textContent;
seen.link = opened.querySelector("a").getAttribute("href");
seen.names = [...document.querySelectorAll(".name")].map(name => name.textContent);
at("open").click();
seen.opened = document.querySelectorAll("article.opened").length;
seen.images = document.images.length;
seen.scripts = document.scripts.length;
seen.title = document.title;
const result = make("pre", { id: "seen" });
result.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(seen))));
document.body.append(result);
</script>"#;

const HOSTILE: &str = "<img src=x onerror=document.title='taken'>\".txt";

#[test]
fn the_page_shows_marks_and_filters_and_nothing_in_it_acts() {
    let folder = folder("page");
    fs::write(folder.join("corpus.toml"), "").unwrap();
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in").join(HOSTILE), report("甲</script><script>document.title='taken'</script>局", 2))
        .unwrap();
    fs::write(folder.join("in/b.txt"), report("乙局", 3)).unwrap();
    let page = format!("<html><body><p>{}</p></body></html>", report("丙局", 4).replace('\n', "</p><p>"));
    assert_eq!(run(&folder, &["accept", "--new"]).code, 0);
    fs::write(folder.join("in/new.html"), page).unwrap();
    let form = forgetful_form(&folder);
    let found = run(&folder, &["check", "--form", form.to_str().unwrap(), "--out", "report"]);
    assert_eq!(found.code, 1, "{}{}", found.out, found.err);

    let Some(seen) = used(&folder.join("report")) else {
        println!("skipped: none of {BROWSERS:?} is installed, or it cannot run here");
        return;
    };
    let counts = ["begin", "red", "new", "rule", "format", "alike", "text", "nothing", "clear"]
        .map(|name| seen[name].as_str().unwrap());
    let files = |count: u8| format!("{count} of 3 files");
    assert_eq!(counts, [3, 2, 1, 2, 1, 2, 1, 0, 3].map(files), "{seen}");
    assert_eq!(seen["hash"], "#bucket=red");
    // The worst comes first, and of those alike the first by name.
    assert_eq!(seen["names"][0], format!("in/{HOSTILE}"));
    // Before and now, and no other cell is marked.
    assert_eq!(seen["marked"], serde_json::json!(["2", "1", "9", "(lost)", "(lost)", "(lost)"]));
    assert_eq!(seen["source"], serde_json::json!(["2", "1", "9"]));
    assert!(seen["rules"].as_str().unwrap().contains("disclosure.normative_documents.issued"), "{seen}");
    assert!(seen["link"].as_str().unwrap().starts_with("./../in/%3Cimg%20src"), "{seen}");
    assert_eq!((&seen["opened"], &seen["images"], &seen["scripts"]), (&3.into(), &0.into(), &3.into()));
    assert_eq!(seen["title"], "nianbao corpus");
}

/// What the page shows to who uses it; `None` where there is no browser.
fn used(folder: &Path) -> Option<Value> {
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    let page = page.replacen("</body>", &format!("{USE}</body>"), 1);
    let path = folder.join("used.html");
    fs::write(&path, page).unwrap();
    let dom = BROWSERS.iter().find_map(|browser| dom(browser, &path))?;
    let (_, after) =
        dom.split_once("<pre id=\"seen\">").unwrap_or_else(|| panic!("the page did not come to its end: {dom}"));
    let (code, _) = after.split_once('<').unwrap();
    Some(serde_json::from_slice(&base64(code)).unwrap())
}

fn dom(browser: &str, page: &Path) -> Option<String> {
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom"]);
    command.arg(format!("--user-data-dir={}", page.with_extension("profile").display()));
    command.arg(format!("file://{}", page.display())).stdin(Stdio::null()).stderr(Stdio::null());
    let output = command.output().ok()?;
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success() && !dom.is_empty()).then_some(dom)
}

/// The bytes of a text in Base64, in which nothing needs to be escaped.
fn base64(text: &str) -> Vec<u8> {
    let six = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u32> = text.bytes().filter(|c| *c != b'=').map(|c| six(c).into()).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits = four.iter().enumerate().fold(0, |bits, (index, digit)| bits | digit << (18 - 6 * index));
        bits.to_be_bytes()[1..four.len()].to_vec()
    });
    bytes.collect()
}
