//! External programs, within limits, and in groups that do not outlive this process.
//!
//! A shell runs the program next to a watcher, which reads from a pipe that only this process writes to: when it is
//! closed, be it because this process was killed, the watcher ends the whole group.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Instant;

use crate::limits::{MAX_IDLE, MAX_PROGRAM_FILE, MAX_PROGRAM_OUTPUT, MAX_PROGRAM_TIME};

/// The shell's program: the limit in blocks, then the program with its arguments.
const SUPERVISE: &str = r#"
ulimit -f "$1" 2>/dev/null; shift
exec 3<&0 </dev/null
{ read -r _ <&3; kill -9 -$$; } >/dev/null 2>&1 &
exec 3<&-
"$@"
"#;

/// The size of the blocks of `ulimit -f` (POSIX).
const BLOCK: u64 = 512;

/// The result of a program.
pub struct Outcome {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// A program that did not end by itself.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// There is no such program.
    #[error("`{0}` is not installed: install it")]
    Absent(String),
    /// It is silent.
    #[error("no progress for {} s", MAX_IDLE.as_secs())]
    Idle,
    /// It takes too long.
    #[error("not finished after {} minutes", MAX_PROGRAM_TIME.as_secs() / 60)]
    TooLong,
    /// It prints too much.
    #[error("its output exceeds the limit of {} MiB", MAX_PROGRAM_OUTPUT >> 20)]
    TooLarge,
    /// It cannot be run.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// Runs a program to its end. Output counts as progress.
///
/// The program, its arguments, folder and variables are those of `command`; secrets belong into variables, because all
/// users of a machine can read arguments.
pub fn run(command: &Command) -> Result<Outcome, ProgramError> {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", SUPERVISE, "sh"])
        .arg((MAX_PROGRAM_FILE / BLOCK).to_string());
    shell.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let child = shell
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let outcome = supervise(child)?;
    // The status of a shell that does not find a program (POSIX).
    if outcome.status.code() == Some(127) {
        let program = command.get_program().to_string_lossy().into_owned();
        return Err(ProgramError::Absent(program));
    }
    Ok(outcome)
}

fn supervise(mut child: Child) -> Result<Outcome, ProgramError> {
    let watched = child.stdin.take();
    let (activity, events) = mpsc::sync_channel(1);
    let stdout = child.stdout.take().map(|pipe| collect(pipe, activity.clone()));
    let stderr = child.stderr.take().map(|pipe| collect(pipe, activity));
    let begin = Instant::now();
    let stopped = loop {
        match events.recv_timeout(MAX_IDLE) {
            Ok(()) if begin.elapsed() > MAX_PROGRAM_TIME => break Some(ProgramError::TooLong),
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => break Some(ProgramError::Idle),
            // Both outputs ended, or one is too large.
            Err(RecvTimeoutError::Disconnected) => break None,
        }
    };
    if stopped.is_some() {
        drop(watched);
        child.wait()?;
        return stopped.map_or_else(|| Err(ProgramError::Idle), Err);
    }
    let read = |thread: Option<thread::JoinHandle<_>>| {
        thread.map_or(Ok(Vec::new()), |thread| {
            thread.join().unwrap_or(Err(ProgramError::TooLarge))
        })
    };
    let (stdout, stderr) = (read(stdout), read(stderr));
    if stdout.is_err() || stderr.is_err() {
        drop(watched);
        child.wait()?;
        return Err(stdout.err().or(stderr.err()).unwrap_or(ProgramError::TooLarge));
    }
    let status = child.wait()?;
    drop(watched);
    Ok(Outcome {
        status,
        stdout: stdout?,
        stderr: stderr?,
    })
}

/// Reads an output to its end, and reports each piece.
fn collect(
    mut pipe: impl Read + Send + 'static,
    activity: SyncSender<()>,
) -> thread::JoinHandle<Result<Vec<u8>, ProgramError>> {
    thread::spawn(move || {
        let mut content = Vec::new();
        let mut piece = [0; 8192];
        loop {
            let count = match pipe.read(&mut piece) {
                Ok(0) => return Ok(content),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            content.extend_from_slice(&piece[..count]);
            if content.len() > MAX_PROGRAM_OUTPUT {
                return Err(ProgramError::TooLarge);
            }
            // A full channel has an event already.
            let _ = activity.try_send(());
        }
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Maximum time for a group to end.
    const PATIENCE: Duration = Duration::from_secs(10);

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_program_has_its_status_output_variables_and_no_input() {
        let mut command = sh("echo out-$X; echo err >&2; cat; exit 3");
        command.env("X", "y");
        let outcome = run(&command).unwrap();
        assert_eq!(outcome.status.code(), Some(3));
        assert_eq!(outcome.stdout, b"out-y\n");
        assert_eq!(outcome.stderr, b"err\n");
        assert!(matches!(
            run(&Command::new("no-such-program")),
            Err(ProgramError::Absent(name)) if name == "no-such-program"
        ));
    }

    #[test]
    fn a_program_without_end_of_output_is_stopped() {
        let error = run(&sh("yes")).err().unwrap();
        assert!(matches!(error, ProgramError::TooLarge), "{error}");
    }

    #[test]
    fn nothing_of_a_program_outlives_it() {
        let outcome = run(&sh("sleep 1000 >/dev/null 2>&1 & echo $!")).unwrap();
        let child = String::from_utf8(outcome.stdout).unwrap();
        let begin = Instant::now();
        let is_there = || {
            // The shell has one of its own; the program is not on every machine.
            sh(&format!("kill -0 {}", child.trim()))
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .success()
        };
        while is_there() {
            assert!(begin.elapsed() < PATIENCE, "{child} is still there");
            thread::sleep(Duration::from_millis(10));
        }
    }
}
