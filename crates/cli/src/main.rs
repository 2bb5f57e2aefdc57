//! The command `mach-nix` (layer 5).
//!
//! Rule of this crate: arguments, files, terminal and exit codes; nothing that another door to the engine (the plugin, a
//! test) would need too. What scripts may rely on is the contract in `docs/manual.md`, "The command line".

mod args;
mod completions;
mod environment;
mod expression;
mod failure;
mod index;
mod inputs;
mod inspect;
mod inventory;
mod located;
mod lock;
mod lock_file;
mod one_off;
mod output;
mod preferences;
mod progress;
mod requirement_arguments;
mod snapshot;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(&arguments);
    let done = match &arguments.command {
        Command::Lock(options) => lock::run(options, arguments.quiet),
        Command::Tree(options) => inspect::tree(options),
        Command::Why(options) => inspect::why(options),
        Command::Export(options) => inspect::export(options),
        Command::Index { command } => index::run(command, arguments.quiet),
        Command::Gen(options) => lock::write_expression(options, arguments.quiet),
        Command::Env(options) => environment::run(options, arguments.quiet),
        Command::Build(options) => one_off::build(options, arguments.quiet),
        Command::Shell(options) => one_off::shell(options, arguments.quiet),
        Command::Run(options) => one_off::run(options, arguments.quiet),
        Command::Completions { shell } => completions::run(*shell),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::note(&failure);
            failure.exit_code()
        }
    }
}

/// The log goes to standard error; `RUST_LOG` overrides what `-v` and `-q` say.
fn start_log(arguments: &Arguments) {
    use tracing_subscriber::filter::EnvFilter;

    let level = match (arguments.quiet, arguments.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, _) => "debug",
    };
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(format!("mach_nix={level}")));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // It would be told on standard error.
        .log_internal_errors(false)
        .without_time();
    log.with_ansi(false).init();
}
