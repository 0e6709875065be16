//! How much memory this process holds.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::time::{Duration, Instant};

/// How old an answer may be: asking costs the system some 20 µs.
const FRESH: Duration = Duration::from_millis(20);

/// What the system says of this process. It is asked through one open file, which also works after no more files may be opened.
#[derive(Debug)]
pub(crate) struct Memory {
    status: Option<File>,
    asked: Option<Instant>,
    peak: u64,
    space: u64,
}

impl Memory {
    pub(crate) fn of_this_process() -> Self {
        Self { status: File::open("/proc/self/status").ok(), asked: None, peak: 0, space: 0 }
    }

    /// The most memory held so far and the address space taken now, in bytes; 0 where the system does not say.
    pub(crate) fn now(&mut self) -> (u64, u64) {
        if self.asked.is_none_or(|asked| asked.elapsed() > FRESH) {
            if let Some(text) = self.text() {
                (self.peak, self.space) = (stated(&text, "VmHWM:"), stated(&text, "VmSize:"));
            }
            self.asked = Some(Instant::now());
        }
        (self.peak, self.space)
    }

    fn text(&mut self) -> Option<String> {
        let file = self.status.as_mut()?;
        let mut text = String::new();
        file.rewind().ok()?;
        file.read_to_string(&mut text).ok()?;
        Some(text)
    }
}

/// The bytes that a line such as `VmHWM:     5324 kB` states.
fn stated(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.map_or(0, |kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_the_system_writes_them() {
        let text = "Name:\tnianbao\nVmPeak:\t  9000 kB\nVmSize:\t  8400 kB\nVmHWM:\t    5324 kB\n";
        assert_eq!(stated(text, "VmHWM:"), 5324 * 1024);
        assert_eq!(stated(text, "VmSize:"), 8400 * 1024);
        assert_eq!(stated(text, "VmSwap:"), 0);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_is_held_is_counted() {
        let before = Memory::of_this_process().now().0;
        let block = std::hint::black_box(vec![1_u8; 64 << 20]);
        let after = Memory::of_this_process().now().0;
        // Tests beside this one may have held more before.
        assert!(after >= block.len() as u64 && after >= before, "{before} {after}");
    }
}
