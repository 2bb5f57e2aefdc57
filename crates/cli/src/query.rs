//! `mach-nix lock --query`: a query in JSON, and its answer on standard output.
//!
//! It is the query of the evaluator plugin. With a snapshot (`pypiData`) the answer is the same; without one, the
//! indexes are queried, as for a lock with a given hash (`lockHash`).

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use mach_nix_engine::{Answer, AnswerError, NixSurface, Query, WithNixpkgs};
use mach_nix_fetch::Cache;
use mach_nix_model::Timestamp;
use mach_nix_nix::{EvaluatedInventory, Nix, NixBuilder};
use mach_nix_snapshot::Snapshot;

use crate::args::lock::LockOptions;
use crate::failure::Failure;
use crate::located::located;
use crate::progress::Line;
use crate::remote::{cache_folder, remote_index};
use crate::sources::FetchSources;
use crate::{inputs, log, output, snapshot};

/// The options that do not affect the lock.
const ALLOWED: [&str; 14] = [
    "allow_insecure_host",
    "build_time_limit",
    "cache_dir",
    "help",
    "jobs",
    "keyring_provider",
    "nixpkgs",
    "offline",
    "output",
    "query",
    "quiet",
    "strict_indexes",
    "refresh",
    "verbose",
];

/// Rejects arguments that the query replaces. Variables such as `MACH_NIX_PYTHON` are ignored instead, because they do
/// not refer to this query.
pub fn refuse_other_arguments(lock: &Command, given: &ArgMatches) -> Result<(), Failure> {
    let is_given = |id: &str| given.value_source(id) == Some(ValueSource::CommandLine);
    if !is_given("query") {
        return Ok(());
    }
    let mut arguments = lock.get_arguments();
    let is_other = |argument: &&Arg| {
        let id = argument.get_id().as_str();
        !ALLOWED.contains(&id) && is_given(id)
    };
    match arguments.find(is_other) {
        None => Ok(()),
        Some(argument) => Err(Failure::usage(format!(
            "with --query, the query in the file has the whole request: leave out {}",
            argument.get_long().map_or_else(
                || "the requirements on the command line".to_owned(),
                |long| format!("--{long}")
            )
        ))),
    }
}

/// Answers the query in a file. An error is printed as an answer, and then reported like any other.
pub fn run(options: &LockOptions, path: &Path, quiet: bool) -> Result<(), Failure> {
    if options.output.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage(
            "with --query, standard output has the answer, with the lock in it: leave out --output",
        ));
    }
    let answer = read(path).and_then(|text| answer(options, &text, quiet));
    match answer {
        Ok(answer) => print(&answer),
        Err(failure) => {
            print(&AnswerError::from(&failure).to_json())?;
            Err(failure)
        }
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        crate::disk::read_text(path)
    };
    read.map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))
}

fn print(answer: &str) -> Result<(), Failure> {
    output::write(Path::new("-"), &format!("{answer}\n"))
        .map_err(|error| Failure::external(format!("cannot write the answer: {error}")))
}

fn answer(options: &LockOptions, query: &str, quiet: bool) -> Result<String, Failure> {
    let query = Query::from_json(query).map_err(|error| Failure::on(&error, &NixSurface::default()))?;
    let answer = match &query.pypi_data {
        Some(path) => over_snapshot(&snapshot::open(path)?, query)?,
        None => over_indexes(options, query, quiet)?,
    };
    if let Answer::Lock(locked) = &answer {
        if !quiet {
            locked.warnings.iter().for_each(log::warn);
        }
        if let Some(path) = &options.output {
            output::write(path, &locked.lock.to_json())
                .map_err(|error| Failure::external(format!("cannot write {}: {error}", path.display())))?;
        }
    }
    Ok(answer.to_json())
}

fn over_snapshot(index: &Snapshot, mut query: Query) -> Result<Answer, Failure> {
    let surface = query.surface();
    if let Some(conda) = &index.origin().conda {
        query.know_channels(&conda.channels);
    }
    Answer::over(query, index, index.name(), &index.origin().indexes)
        .map_err(|error| Failure::on(&error, &surface))
}

fn over_indexes(options: &LockOptions, mut query: Query, quiet: bool) -> Result<Answer, Failure> {
    refuse_future(query.date_limits()?.latest())?;
    let surface = query.surface();
    let warnings = query.take_warnings();
    let inventory = query.nixpkgs.take();
    let fetched = FetchSources::of_query(&mut query)?;
    let sources = fetched.recorded(None)?;
    let progress = Arc::new(Line::new(quiet));
    let index = remote_index(options, fetched, BTreeMap::new(), progress.clone())?;
    inputs::name_sources(&mut query.found, &index)?;
    let request = query
        .request(sources)
        .map_err(|error| Failure::on(&error, &surface))?;

    let nix = Nix::new(options.nixpkgs.clone()).offline(options.offline);
    let cache = Cache::new(cache_folder(options.cache_dir.as_ref()));
    let evaluated = EvaluatedInventory::new(&nix, cache.clone());
    let limit = Duration::from_secs(options.build_time_limit);
    let builder = NixBuilder::new(&nix, cache, limit, options.offline, inputs::this_system().ok());
    let answer = if let Some(inventory) = &inventory {
        Answer::resolve(&request, &index, Some(inventory), Some(&builder))
    } else {
        let index = WithNixpkgs::new(&index, &evaluated);
        Answer::resolve(&request, &index, None, Some(&builder))
    };
    progress.finish();
    answer
        .map(|answer| answer.with_warnings(warnings))
        .map_err(|error| located(&error, &request, &surface))
}

/// Rejects a date limit in the future: uploads until then would change the answer.
fn refuse_future(limit: Option<Timestamp>) -> Result<(), Failure> {
    match limit {
        Some(limit) if limit.is_after(SystemTime::now()) => Err(Failure::usage(format!(
            "`excludeNewer` is {limit}, which is in the future, and uploads until then would change the answer; write a \
             day in the past"
        ))),
        _ => Ok(()),
    }
}
