//! The builtin through Nix's C API: <https://nix.dev/manual/nix/latest/c-api>.
//!
//! The API is looked up when Nix loads the plugin and not linked: no library of Nix holds it in every release, and a
//! linked one would tie the plugin to one exact Nix.

mod api;
mod builtin;
mod find;
mod state;
mod value;

use std::io::{self, Write};

use crate::guard::guarded;
use api::API;
pub use builtin::GLUE;

/// Called by Nix (2.24 and later) after it loaded the plugin.
#[unsafe(no_mangle)]
pub extern "C" fn nix_plugin_entry() {
    let registered = guarded(|| {
        let api = find::api()?;
        state::check_version(api.version())?;
        builtin::register(API.get_or_init(|| api))
    });
    let reason = match registered {
        Ok(Ok(())) => return,
        Ok(Err(reason)) | Err(reason) => reason,
    };
    // There is no way to tell Nix, and an evaluation that does not need the builtin must go on.
    // `eprintln!` panics where nobody reads any more, and a panic here would abort Nix.
    let _ = writeln!(
        io::stderr(),
        "warning: mach-nix: there is no builtins.machNixResolve: {reason}"
    );
}
