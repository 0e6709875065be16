//! The Python package's own tests (`crates/python/tests`), where `scripts/python-test` has built one of these sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use nianbao_tests::case::{files_below, root};

#[test]
fn the_package_passes_its_own_tests() {
    let python = match built() {
        Ok(python) => python,
        Err(why) => {
            println!("skipped: {why}; scripts/python-test builds the package and runs its tests");
            return;
        }
    };
    let output = Command::new(python)
        .args(["-m", "unittest", "discover", "--start-directory"])
        .arg(root().join("crates/python/tests"))
        .env("NIANBAO_FAULTY", env!("CARGO_BIN_EXE_faulty"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The Python with the package in it, or why there is none to be tested.
fn built() -> Result<PathBuf, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let python = target.join("python/bin/python");
    if !python.exists() {
        return Err("no package is built".to_owned());
    }
    let told = Command::new(&python).args(["-c", "import nianbao; print(nianbao._engine.__file__)"]).output();
    let told = told.map_err(|error| format!("its Python does not run ({error})"))?;
    if !told.status.success() {
        return Err(format!("the package cannot be imported ({})", String::from_utf8_lossy(&told.stderr).trim()));
    }
    let engine = PathBuf::from(String::from_utf8_lossy(&told.stdout).trim());
    let crates = files_below(&root().join("crates")).map_err(|error| error.to_string())?;
    let built = changed(&engine);
    let sources = crates.iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs" || ending == "py"));
    let newer = sources
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests"))
        .find(|path| changed(path) > built);
    newer.map_or(Ok(python), |path| Err(format!("{} has changed since the package was built", path.display())))
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|facts| facts.modified()).ok()
}
