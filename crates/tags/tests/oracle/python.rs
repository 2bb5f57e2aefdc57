//! Runs `oracle.py`.

use std::env;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;
use serde_json::Value;

const VARIABLE: &str = "MACH_NIX_TEST_PYTHON";
const REMEDY: &str = "run the tests with `./dev test`, or `./dev setup` and then \
                      `export MACH_NIX_TEST_PYTHON=$PWD/.dev/venv/bin/python`; \
                      any Python 3.10 or newer with packaging 26.3 or newer will do";

/// There is no skipping: without the oracle these tests would prove nothing.
pub(crate) fn ask<T: DeserializeOwned>(question: &Value) -> T {
    let python = env::var_os(VARIABLE).unwrap_or_else(|| {
        panic!("{VARIABLE} is not set, so there is no `packaging` to compare with; {REMEDY}")
    });
    let mut child = Command::new(&python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/oracle.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run {VARIABLE}={}: {error}; {REMEDY}", python.display()));
    // The script reads all of its input before it writes anything, so this cannot block on a full pipe. If it
    // ended early, what it wrote to stderr says more than the broken pipe.
    let sent = child
        .stdin
        .take()
        .expect("piped")
        .write_all(question.to_string().as_bytes());
    let output = child.wait_with_output().expect("the child was started");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the oracle failed: {complaint}; {REMEDY}"
    );
    sent.expect("the script reads its input");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("the oracle's answer: {error}"))
}
