//! What it costs to run a program: processor time and memory, as the system counts them.

use std::error::Error;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// `--cost PROGRAM ARGUMENT...`: runs the program and prints what it cost. A process that has no other children, so that the system's
/// sum over its children is that of this one.
pub(crate) const CHILD: &str = "--cost";

/// The processor time and the most memory of one run, or of several.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// In user and system mode together.
    pub(crate) seconds: f64,
    /// Resident, at the most.
    pub(crate) mebibytes: f64,
}

impl Cost {
    /// More than anything costs.
    pub(crate) const MOST: Self = Self { seconds: f64::INFINITY, mebibytes: f64::INFINITY };

    /// One run after another: times add up, of memory the larger counts.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { seconds: self.seconds + other.seconds, mebibytes: self.mebibytes.max(other.mebibytes) }
    }

    /// Of two runs of the same, the cheaper time and the smaller peak.
    pub(crate) fn least(self, other: Self) -> Self {
        Self { seconds: self.seconds.min(other.seconds), mebibytes: self.mebibytes.min(other.mebibytes) }
    }
}

/// Whether the program is there.
pub(crate) fn runs(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok()
}

/// Runs the program once; what it prints is dropped.
pub(crate) fn cost(program: &Path, arguments: &[&OsStr]) -> Result<Cost, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).arg(CHILD).arg(program).args(arguments).output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(seconds), Some(mebibytes)) => Ok(Cost { seconds: seconds?, mebibytes: mebibytes? }),
        _ => Err(format!("{}: not measured: {}", program.display(), String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// What the child does. An exit code other than 0 is an answer too: some files cannot be read.
pub(crate) fn child(program: &str, arguments: &[String]) -> Result<(), Box<dyn Error>> {
    Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    println!("{} {}", microseconds as f64 / 1e6, usage.max_rss() as f64 / 1024.0);
    Ok(())
}
