//! For tests: asks scripts of Python what is right. They answer in JSON, one question after the other ([`Oracle`]) or all
//! at once ([`ask`]).
//!
//! There is no skipping: without the oracle the tests that ask it would prove nothing.

use std::env;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::de::DeserializeOwned;
use serde_json::Value;

const VARIABLE: &str = "MACH_NIX_TEST_PYTHON";
const REMEDY: &str = "run the tests with `./dev test`, or `./dev setup` and then \
                      `export MACH_NIX_TEST_PYTHON=$PWD/.dev/venv/bin/python`; \
                      any Python 3.11 or newer with packaging 26.3 or newer, and pip, will do";

/// A script with pipes to it.
fn start(script: &Path) -> Child {
    let python = env::var_os(VARIABLE)
        .unwrap_or_else(|| panic!("{VARIABLE} is not set, so there is no Python to compare with; {REMEDY}"));
    Command::new(&python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run {VARIABLE}={}: {error}; {REMEDY}", python.display()))
}

/// Runs a script that reads all of its input, and then answers.
///
/// # Panics
/// When there is no Python to run it with, or it fails, with what it said to that.
#[must_use]
pub fn ask<T: DeserializeOwned>(script: &Path, question: &Value) -> T {
    let mut child = start(script);
    // If it ended early, what it wrote to stderr says more than the broken pipe.
    let mut questions = child.stdin.take().expect("piped");
    let sent = questions.write_all(question.to_string().as_bytes());
    drop(questions);
    let output = child.wait_with_output().expect("the child was started");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the oracle failed: {complaint}; {REMEDY}"
    );
    sent.expect("the script reads its input");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("the oracle's answer: {error}"))
}

/// Whether the Python of the tests has a module, for oracles that are not needed by every test.
#[must_use]
pub fn has(module: &str) -> bool {
    let Some(python) = env::var_os(VARIABLE) else {
        return false;
    };
    let import = Command::new(python)
        .args(["-c", &format!("import {module}")])
        .stderr(Stdio::null())
        .status();
    import.is_ok_and(|status| status.success())
}

/// A script that answers a line of JSON with a line of JSON; it ends when dropped.
pub struct Oracle {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts a script.
    ///
    /// # Panics
    /// When there is no Python to run it with.
    #[must_use]
    pub fn start(script: &Path) -> Self {
        let mut child = start(script);
        Self {
            questions: child.stdin.take().expect("piped"),
            answers: BufReader::new(child.stdout.take().expect("piped")),
            child,
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// # Panics
    /// When the process ended, with what it said to that.
    pub fn ask<T: DeserializeOwned>(&mut self, question: &Value) -> T {
        // When the process has ended, what it wrote to stderr says more than the broken pipe.
        let _ = writeln!(self.questions, "{question}");
        let mut answer = String::new();
        let _ = self.answers.read_line(&mut answer);
        if answer.is_empty() {
            let mut complaint = String::new();
            let stderr = self.child.stderr.as_mut().expect("piped");
            let _ = stderr.read_to_string(&mut complaint);
            panic!("the oracle ended: {complaint}; {REMEDY}");
        }
        serde_json::from_str(&answer)
            .unwrap_or_else(|error| panic!("{question} was answered {answer}: {error}"))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
