//! Serves a recorded index on the loopback interface, for the tests that are scripts.
//!
//! ```text
//! recorded-index SNAPSHOT|FOLDER… [--until DAY]
//! ```
//!
//! With `--until`, the index is what it was at the end of that day.
//!
//! Prints the address of the index and runs until it is stopped.

use std::io::{self, Write};
use std::path::Path;

use mach_nix_tests::RecordedIndex;

fn main() -> io::Result<()> {
    let mut index = RecordedIndex::default();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--until" {
            let day = arguments.next().and_then(|day| day.into_string().ok());
            index.limit(day.ok_or_else(|| io::Error::other("--until needs a day, as in 2026-11-01"))?);
            continue;
        }
        let path = Path::new(&argument);
        if path.is_dir() {
            index.add_pages(path)?;
        } else {
            index.add_snapshot(path)?;
        }
    }
    let (address, server) = index.serve()?;
    writeln!(io::stdout(), "{address}")?;
    server.join().map_err(|_| io::Error::other("the server failed"))
}
