//! The memory of a process that extracts one file.

use std::error::Error;
use std::fs;
use std::process::Command;

use nianbao::Forms;

use crate::documents;
use crate::docx::extract;

/// `--memory PATH`: extracts the file and prints the most memory that this process ever held.
pub(crate) const CHILD: &str = "--memory";

/// Prints the peak of a fresh process for each heavy file.
pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    println!("\n{:<36}{:>9}", "memory, most resident", "MiB");
    let path = std::env::temp_dir().join(format!("nianbao-bench-{}.docx", std::process::id()));
    for file in documents::heavy()? {
        fs::write(&path, &file.bytes)?;
        let output = Command::new(std::env::current_exe()?).arg(CHILD).arg(&path).output()?;
        let kib: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
        println!("{:<36}{:>9.1}", file.name, kib / 1024.0);
    }
    fs::remove_file(path)?;
    Ok(())
}

/// What the child does.
pub(crate) fn child(path: &str) -> Result<(), Box<dyn Error>> {
    let lines = extract(&fs::read(path)?, &Forms::builtin());
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    // The lines are still held when the peak is read.
    println!("{}", peak.filter(|_| !lines.is_empty()).ok_or("no VmHWM: Linux alone tells")?);
    Ok(())
}
