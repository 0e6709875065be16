//! The arguments of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Reads Chinese government annual reports on information disclosure (政府信息公开工作年度报告) out of the files they were published in.
///
/// 从各类公文附件中读出政府信息公开工作年度报告，逐项注明出处，并按格式的勾稽关系核对。
#[derive(Debug, Parser)]
#[command(
    name = "nianbao",
    version,
    after_help = "Exit codes: 0 every report is ok, 1 some need review, 2 wrong usage, 3 some file could not be read."
)]
pub(crate) struct Arguments {
    /// Tell more on stderr; twice for still more (or set `NIANBAO_LOG`)
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the reports that the files hold, one a line, as JSON
    Extract {
        /// The files, `-` for standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        form: FormChoice,
    },
    /// Print the tables that the files hold, one file a line, as JSON
    Tables {
        /// The files, `-` for standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// As read, before anything is joined
        #[arg(long)]
        raw: bool,
    },
    /// Show a report and what is wrong with it
    Show {
        /// The file, `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        form: FormChoice,
    },
    /// Tell what a rule means; without a rule, list them all
    Explain {
        /// The rule's code, such as requests.balance
        rule: Option<String>,
        #[command(flatten)]
        form: FormChoice,
    },
    /// The inner side of `convert`: reads files as the pipe on standard input asks for
    #[command(hide = true)]
    Worker,
    /// Print the JSON Schema of what `extract` prints
    Schema {
        #[command(flatten)]
        form: FormChoice,
    },
}

/// Which form to fill.
#[derive(Args, Debug)]
pub(crate) struct FormChoice {
    /// A form file of your own, in place of the built-in editions of 2021 and 2019
    #[arg(long, value_name = "FILE")]
    pub(crate) form: Option<PathBuf>,
}
