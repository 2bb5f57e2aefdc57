//! `mach-nix completions`

use std::path::Path;

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::args::Arguments;
use crate::failure::Failure;
use crate::output;

pub fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "mach-nix", &mut script);
    output::write(Path::new("-"), &String::from_utf8_lossy(&script))
        .map_err(|error| Failure::external(format!("cannot write the script: {error}")))
}
