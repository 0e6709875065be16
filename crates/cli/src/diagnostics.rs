//! What the program tells beside its output: on stderr, a line each, as `-v` or `NIANBAO_LOG` ask for.

use std::fmt;
use std::io;

use anstyle::{AnsiColor, Style};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::fit::clean;

/// Begins to tell: warnings and errors, more for each `-v`.
pub(crate) fn start(verbose: u8) {
    let default = match verbose {
        0 => "warn",
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("NIANBAO_LOG").unwrap_or_else(|_| default.into());
    let colour = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colour)
        .event_format(Plain)
        .init();
}

/// `error: a.docx: encrypted; remove the password first`.
struct Plain;

impl<S, N> FormatEvent<S, N> for Plain
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let (word, style) = match *event.metadata().level() {
            Level::ERROR => ("error", AnsiColor::Red.on_default().bold()),
            Level::WARN => ("warning", AnsiColor::Yellow.on_default().bold()),
            Level::INFO => ("info", Style::new().bold()),
            Level::DEBUG => ("debug", Style::new().dimmed()),
            Level::TRACE => ("trace", Style::new().dimmed()),
        };
        if out.has_ansi_escapes() {
            write!(out, "{style}{word}:{style:#} ")?;
        } else {
            write!(out, "{word}: ")?;
        }
        // Names of files and words of documents stand in it: a terminal must not act upon them.
        let mut told = String::new();
        context.format_fields(Writer::new(&mut told), event)?;
        told.lines().try_for_each(|line| writeln!(out, "{}", clean(line)))
    }
}
