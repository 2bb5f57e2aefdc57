//! A Python process that answers questions, a line of JSON each.

use std::env;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::de::DeserializeOwned;
use serde_json::Value;

const VARIABLE: &str = "MACH_NIX_TEST_PYTHON";
const REMEDY: &str = "run the tests with `./dev test`, or `./dev setup` and then \
                      `export MACH_NIX_TEST_PYTHON=$PWD/.dev/venv/bin/python`; \
                      any Python 3.10 or newer with packaging 26.3 or newer will do";

/// The process; it ends when dropped.
pub struct Oracle {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts a script. There is no skipping: without the oracle the tests that ask it would prove nothing.
    ///
    /// # Panics
    /// When there is no Python to run it with.
    #[must_use]
    pub fn start(script: &Path) -> Self {
        let python = env::var_os(VARIABLE).unwrap_or_else(|| {
            panic!("{VARIABLE} is not set, so there is no `packaging` to compare with; {REMEDY}")
        });
        let mut child = Command::new(&python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {VARIABLE}={}: {error}; {REMEDY}", python.display()));
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
