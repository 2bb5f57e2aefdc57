//! No panic gets out: into an evaluator written in C++ it would abort the process, and with it the user's work.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::Once;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Calls a function; a panic becomes a message, and nothing is printed.
///
/// After a panic, values that the function changed are not used again.
pub fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    static QUIET: Once = Once::new();
    // A dynamic library has a standard library, and a hook, of its own: those of other Rust code are left alone.
    QUIET.call_once(|| set_hook(Box::new(|panic| LAST.set(panic.to_string()))));
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| {
        format!(
            "mach-nix {} has a defect; please report it, with the requirements: {}",
            env!("CARGO_PKG_VERSION"),
            LAST.take().replace('\n', " ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_is_a_message() {
        assert_eq!(guarded(|| 1), Ok(1));
        let message = guarded(|| panic!("over there")).unwrap_err();
        assert!(message.contains("src/guard.rs:"), "{message}");
        assert!(message.ends_with("over there"), "{message}");
    }
}
