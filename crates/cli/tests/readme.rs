//! What the README shows is what the program prints.

use std::path::Path;
use std::process::Command;

#[test]
fn the_readme_shows_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let block =
        readme.split("```console\n$ cargo run -q -- show ").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let (command, shown) = block.split_once('\n').unwrap();
    let (file, filter) = command.split_once(" | ").unwrap();
    assert_eq!(filter, "sed -n '1,7p; /^Findings/,$p'", "this test does what sed does there");

    let run = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["show", file])
        .current_dir(&root)
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let printed = String::from_utf8(run.stdout).unwrap();
    let findings = printed.lines().skip_while(|line| !line.starts_with("Findings"));
    let wanted: Vec<&str> = printed.lines().take(7).chain(findings).collect();
    assert_eq!(shown.trim_end().lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn the_readme_shows_what_the_main_job_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, block) = readme.split_once("$ cargo run -q -- convert ").unwrap();
    let (command, shown) = block.split_once('\n').unwrap();
    let (shown, _) = shown.split_once("\n…").unwrap();
    let (inputs, out) = command.split_once(" --out ").unwrap();
    assert_eq!(out, "/tmp/dataset", "this test writes elsewhere");

    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme-dataset");
    let _ = std::fs::remove_dir_all(&out);
    let run = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .arg("convert")
        .args(inputs.split(' '))
        .arg("--out")
        .arg(&out)
        .current_dir(&root)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(3), "the README says so");
    let printed = String::from_utf8(run.stderr).unwrap();
    let shown: Vec<&str> = shown.lines().collect();
    // Progress is told every so often; how often depends on the machine.
    let printed = printed.lines().filter(|line| shown.contains(line)).take(shown.len());
    assert_eq!(printed.collect::<Vec<_>>(), shown);
}
