//! Running programs of Nix, with limits on output and time.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use wait_timeout::ChildExt;

use crate::NixError;

/// Timeout of an evaluation: the first one of a large package set on a slow disk takes a minute.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_mins(10);

/// Maximum size of a result, which has at most several thousand names.
const MAX_OUTPUT: u64 = 64 * 1024 * 1024;

/// Maximum size of the stored end of its messages.
const LOG: usize = 64 * 1024;

/// The outcome of a program.
pub struct Outcome {
    pub status: ExitStatus,
    /// The standard output.
    pub answer: String,
    /// The end of the standard error.
    pub log: String,
}

/// Runs a program until it exits, or kills it after `limit`.
pub fn run(
    program: &'static str,
    arguments: &[&OsStr],
    limit: Option<Duration>,
) -> Result<Outcome, NixError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NixError::NoNix { program },
        _ => NixError::Start {
            program,
            reason: error.to_string(),
        },
    })?;
    let (output, messages) = (child.stdout.take(), child.stderr.take());
    let answer = thread::spawn(move || answer(output));
    let log = thread::spawn(move || messages.map(end).unwrap_or_default());
    let system = |error: io::Error| NixError::System(format!("{program}: {error}"));
    let status = match limit {
        None => Some(child.wait().map_err(system)?),
        Some(limit) => child.wait_timeout(limit).map_err(system)?,
    };
    if status.is_none() {
        child.kill().map_err(system)?;
        child.wait().map_err(system)?;
    }
    let log = log.join().unwrap_or_default();
    let answer = answer
        .join()
        .unwrap_or_else(|_| Ok(String::new()))
        .map_err(system)?;
    match status {
        Some(status) => Ok(Outcome { status, answer, log }),
        None => Err(NixError::TimedOut {
            seconds: limit.unwrap_or_default().as_secs(),
            log,
        }),
    }
}

/// Runs a program until it exits, with its messages on standard error.
pub fn run_visibly(program: &'static str, arguments: &[&OsStr]) -> Result<Outcome, NixError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NixError::NoNix { program },
        _ => NixError::Start {
            program,
            reason: error.to_string(),
        },
    })?;
    Ok(Outcome {
        status: output.status,
        answer: String::from_utf8_lossy(&output.stdout).into_owned(),
        log: "see its messages above".to_owned(),
    })
}

fn answer(output: Option<impl Read>) -> io::Result<String> {
    let mut answer = String::new();
    if let Some(output) = output {
        output.take(MAX_OUTPUT).read_to_string(&mut answer)?;
    }
    Ok(answer)
}

/// Reads everything, and returns its end.
fn end(mut messages: impl Read) -> String {
    let mut kept = VecDeque::with_capacity(2 * LOG);
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = messages.read(&mut buffer) {
        kept.extend(&buffer[..count]);
        if kept.len() > LOG {
            kept.drain(..kept.len() - LOG);
        }
    }
    String::from_utf8_lossy(kept.make_contiguous()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Option<Duration>) -> Result<Outcome, NixError> {
        run("sh", &["-c".as_ref(), script.as_ref()], limit)
    }

    #[test]
    fn the_end_of_a_long_log_is_stored() {
        let outcome = shell("yes | head -c 3000000 >&2; echo last >&2; echo 42; exit 3", None).unwrap();
        assert_eq!(outcome.status.code(), Some(3));
        assert_eq!(outcome.answer, "42\n");
        assert_eq!(outcome.log.len(), LOG);
        assert!(outcome.log.ends_with("y\nlast\n"));
    }

    #[test]
    fn a_timeout_kills_the_program() {
        let start = std::time::Instant::now();
        let error = shell("echo begun >&2; exec sleep 100", Some(Duration::from_secs(1)))
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.to_string(), "Nix timed out after 1 s:\nbegun\n");
        assert!(start.elapsed() < Duration::from_secs(50));
    }

    #[test]
    fn a_missing_program_is_named_with_the_remedy() {
        let error = run("nix-that-is-not-there", &[], None).map(|_| ()).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("there is no `nix-that-is-not-there` on this machine: install Nix")
        );
    }
}
