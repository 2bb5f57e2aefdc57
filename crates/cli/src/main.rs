//! The command `mach-nix` (layer 6).
//!
//! Rule of this crate: arguments, files, terminal and exit codes; nothing that other users of the engine (the plugin, a
//! test) would need, too. The contract with scripts is in `docs/manual.md`, "The command line".

mod access;
mod args;
mod changes;
mod check;
mod color;
mod completions;
mod conda;
mod disk;
mod doctor;
mod editable;
mod environment;
mod expression;
mod failure;
mod fresh;
mod index;
mod init;
mod inputs;
mod inspect;
mod inventory;
mod invocation;
mod located;
mod lock;
mod lock_file;
mod log;
mod outdated;
mod output;
mod preferences;
mod progress;
mod project;
mod python;
mod query;
mod remote;
mod requirement_arguments;
mod resolved;
mod settings;
mod snapshot;
mod sources;
mod step;
mod surface;
mod sync;
mod temporary;

use std::process::ExitCode;

use clap::error::ContextValue;
use clap::{CommandFactory, FromArgMatches};
use mach_nix_model::without_passwords;

use args::{Arguments, Command};

/// Parses the arguments; `-h` omits the variables of options, so that it fits a screen.
fn arguments() -> Arguments {
    fn without_variables(command: clap::Command) -> clap::Command {
        command
            .mut_args(|argument| argument.hide_env(true))
            .mut_subcommands(without_variables)
    }
    let mut command = Arguments::command();
    if std::env::args_os().any(|argument| argument == "-h") {
        command = without_variables(command);
    }
    command = words_of_programs(command);
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let matches = matches.unwrap_or_else(|error| without_value(error).exit());
    if let Some(("lock", given)) = matches.subcommand()
        && let Some(lock) = command.find_subcommand("lock")
        && let Err(failure) = query::refuse_other_arguments(lock, given)
    {
        output::note(failure.shown());
        std::process::exit(2);
    }
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The error about an option without a password in its value.
fn without_value(mut error: clap::Error) -> clap::Error {
    let contexts: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, without_passwords(text))),
            _ => None,
        })
        .collect();
    for (kind, text) in contexts {
        error.insert(kind, ContextValue::String(text));
    }
    error
}

/// Without `--`, everything after the program of `mach-nix run` belongs to it.
fn words_of_programs(command: clap::Command) -> clap::Command {
    if std::env::args_os().any(|argument| argument == "--") {
        return command;
    }
    command.mut_subcommand("run", |run| {
        run.mut_arg("program", |program| {
            program
                .last(false)
                .long("program-after-dashes")
                .hide(true)
                .num_args(1)
        })
        .mut_arg("requirements", |words| {
            words
                .value_name("PROGRAM")
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .num_args(0..)
        })
    })
}

fn main() -> ExitCode {
    let arguments = arguments();
    log::start(&arguments);
    let done = match &arguments.command {
        Command::Lock(options) => match &options.query {
            Some(path) => query::run(options, path, arguments.quiet),
            None => project::lock(options, arguments.quiet),
        },
        Command::Init(options) => init::run(options, arguments.quiet),
        Command::Add(options) => project::edit::add(options, arguments.quiet),
        Command::Remove(options) => project::edit::remove(options, arguments.quiet),
        Command::Update(options) => project::update(options, arguments.quiet),
        Command::Sync(options) => sync::run(options, arguments.quiet),
        Command::Doctor(options) => doctor::run(options),
        Command::Outdated(options) => outdated::run(options, arguments.quiet),
        Command::Tree(options) => inspect::tree(options),
        Command::Why(options) => inspect::why(options),
        Command::Export(options) => inspect::export(options),
        Command::Index { command } => index::run(command, arguments.quiet),
        Command::Gen(options) => lock::write_expression(options, arguments.quiet),
        Command::Env(options) => environment::run(options, arguments.quiet),
        Command::Build(options) => temporary::build(options, arguments.quiet),
        Command::Shell(options) => temporary::shell(options, arguments.quiet),
        Command::Run(options) => temporary::run(options, arguments.quiet),
        Command::Completions { shell } => completions::run(*shell),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::note(failure.shown());
            failure.exit_code()
        }
    }
}
