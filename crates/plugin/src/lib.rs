//! The resolver inside the Nix evaluator, and for other languages through C (layer 5).
//!
//! Rule of this crate: everything happens in one place, `answer`, from a request in JSON to an answer in JSON; the rest
//! is doors. No network, no command line, no thread. Nothing unwinds out of a door, and nothing aborts.
//!
//! - `entry`: the plain C entry of `include/mach_nix.h`.
//! - `nix`: the builtin `machNixResolve` through Nix's own C API (2.24 and later), when the library is named in
//!   `plugin-files`.
//! - `shim/shim.cc` is the same builtin for evaluators without that API, compiled against their headers; it calls the
//!   plain C entry.
//!
//! As much as possible is written in Nix (`glue.nix`), so that each entry point has only what its evaluator makes necessary.

mod answer;
mod entry;
mod guard;
mod nix;
