//! How a run goes, told on stderr: a bar on a terminal, elsewhere a line every so often.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use nianbao_bulk::{News, Tally, Watch};

use crate::fit::{clean, cut};
use crate::page;

/// How often a line is told where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// A file that takes longer than this is worth a name.
const SLOW: Duration = Duration::from_secs(2);

/// Two lines: how far it is, and what came of it.
const BAR: &str = "{wide_bar} {pos}/{len} files, {rate}, {left} left\n{wide_msg}";
const SPINNER: &str = "{spinner} {wide_msg}";

/// The file that took longest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slowest {
    pub(crate) path: String,
    pub(crate) time: Duration,
}

/// Tells how a run goes.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    terminal: bool,
    told: Instant,
    began: Instant,
    /// The files that are being read, and since when.
    reading: BTreeMap<i64, (PathBuf, Instant)>,
    files: u64,
    of_files: u64,
    documents: Tally,
    copies: u64,
    slowest: Option<Slowest>,
    stopping: bool,
}

impl Progress {
    pub(crate) fn new(terminal: bool) -> Self {
        let target = if terminal { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target).with_style(style(SPINNER));
        let now = Instant::now();
        Self {
            bar,
            terminal,
            told: now,
            began: now,
            reading: BTreeMap::new(),
            files: 0,
            of_files: 0,
            documents: Tally::default(),
            copies: 0,
            slowest: None,
            stopping: false,
        }
    }

    /// Ends the bar; which file took longest.
    pub(crate) fn finish(self) -> Option<Slowest> {
        self.bar.finish_and_clear();
        self.slowest
    }

    /// A line that stays.
    fn say(&self, line: &str) {
        self.bar.suspend(|| anstream::eprintln!("{}", clean(line)));
    }

    /// A line where there is no bar that says it.
    fn say_now_and_then(&mut self, line: impl FnOnce(&Self) -> String) {
        if !self.terminal && self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            self.say(&line(self));
        }
    }

    fn planned(&mut self, pending: u64, files: u64, other_edition: u64) {
        self.of_files = pending;
        self.began = Instant::now();
        self.bar.set_style(style(BAR));
        self.bar.set_length(pending);
        self.bar.set_position(0);
        self.bar.reset_eta();
        let known = files.saturating_sub(pending);
        if known > 0 && pending > 0 {
            self.say(&format!("{pending} files to read, {known} are done already"));
        } else if pending > 0 {
            self.say(&format!("{pending} files to read"));
        }
        if other_edition > 0 {
            self.say(&format!(
                "{other_edition} documents were read by another version of the program or with another form; --redo reads them again"
            ));
        }
    }

    fn ended(&mut self, file: i64, path: &Path, time: Duration) {
        self.reading.remove(&file);
        self.files += 1;
        self.bar.set_position(self.files);
        if self.slowest.as_ref().is_none_or(|slowest| slowest.time < time) {
            self.slowest = Some(Slowest { path: clean(&path.to_string_lossy()), time });
        }
    }

    fn tick(&mut self) {
        if self.terminal {
            self.bar.set_message(cut(&self.state(), page::columns().saturating_sub(1)));
            self.bar.tick();
        }
        self.say_now_and_then(|progress| {
            let seconds = progress.began.elapsed().as_secs_f64();
            let rate = progress.files as f64 / seconds.max(0.001);
            let left = progress.of_files.saturating_sub(progress.files) as f64 / rate.max(0.001);
            let left = Duration::try_from_secs_f64(left).unwrap_or_default();
            let (files, of_files, state) = (progress.files, progress.of_files, progress.state());
            format!("{files} of {of_files} files, {rate:.1}/s, {} left: {state}", for_people(left))
        });
    }

    /// What came of the documents, and which file takes long.
    fn state(&self) -> String {
        let Tally { ok, review, failed, quarantined, .. } = self.documents;
        let mut state = format!("{ok} ok, {review} to review, {failed} failed, {quarantined} quarantined");
        if self.copies > 0 {
            state.push_str(&format!(", {} copies", self.copies));
        }
        if self.stopping {
            state.push_str("; finishing what was begun");
        }
        let longest = self.reading.values().min_by_key(|(_, since)| *since);
        if let Some((path, since)) = longest.filter(|(_, since)| since.elapsed() >= SLOW) {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            state.push_str(&format!("; {} at {}", for_people(since.elapsed()), clean(&name)));
        }
        state
    }
}

impl Watch for Progress {
    fn see(&mut self, news: News<'_>) {
        match news {
            News::Walking { files } => {
                self.bar.set_message(format!("looking for files: {files}"));
                self.bar.tick();
                self.say_now_and_then(|_| format!("looking for files: {files}"));
            }
            News::Planned { pending, files, other_edition } => self.planned(pending, files, other_edition),
            News::Began { file, path } => {
                self.reading.insert(file, (path.to_owned(), Instant::now()));
            }
            News::Outcome { outcome: "copy" } => self.copies += 1,
            News::Outcome { outcome } => self.documents.add(outcome, 1),
            News::Again { path, why } => self.say(&format!("{}: {why}; once more", path.to_string_lossy())),
            News::Ended { file, path, time } => self.ended(file, path, time),
            News::Tick => self.tick(),
            News::Stopping => {
                self.stopping = true;
                self.say("stopping: what was begun is finished (Ctrl-C once more: at once)");
            }
            News::Writing { documents } => {
                if documents == 0 {
                    self.bar.set_style(style(SPINNER));
                }
                self.bar.set_message(format!("writing the dataset: {documents} documents"));
                self.bar.tick();
                self.say_now_and_then(|_| format!("writing the dataset: {documents} documents"));
            }
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    // What cannot be written to the bar is not shown.
    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| write!(out, "{:.1}/s", state.per_sec()).unwrap_or(());
    let left = |state: &ProgressState, out: &mut dyn fmt::Write| out.write_str(&for_people(state.eta())).unwrap_or(());
    style.with_key("rate", rate).with_key("left", left)
}

/// `1 h 20 min`, `3 min 5 s`, `12 s`, `0.4 s`.
pub(crate) fn for_people(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_the_units_that_matter() {
        let told = |seconds: f64| for_people(Duration::from_secs_f64(seconds));
        assert_eq!([told(0.42), told(12.7), told(185.0), told(4800.0)], ["0.4 s", "12 s", "3 min 5 s", "1 h 20 min"]);
    }

    #[test]
    fn the_state_names_what_came_of_the_documents_and_nothing_a_terminal_would_act_upon() {
        let mut progress = Progress::new(false);
        progress.see(News::Outcome { outcome: "ok" });
        progress.see(News::Outcome { outcome: "copy" });
        progress.see(News::Outcome { outcome: "failed" });
        assert_eq!(progress.state(), "1 ok, 0 to review, 1 failed, 0 quarantined, 1 copies");
        let path = Path::new("a\u{1b}[31m.pdf");
        progress.see(News::Began { file: 1, path });
        progress.see(News::Ended { file: 1, path, time: Duration::from_secs(3) });
        assert_eq!(progress.finish().unwrap().path, "a\u{fffd}[31m.pdf");
    }
}
