//! The plain C entry. `include/mach_nix.h` documents it for callers; `tests/plugin/entry.c` calls it from C.

use std::ffi::{CStr, CString, c_char};
use std::ptr;

use crate::answer::{answer, not_a_text};
use crate::guard::guarded;
use crate::nix::GLUE;

/// Resolves a request; see the header.
///
/// # Safety
/// `request` is null or points to bytes that end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mach_nix_resolve(request: *const c_char) -> *mut c_char {
    let read = || {
        if request.is_null() {
            return Err(not_a_text("NULL"));
        }
        // SAFETY: the caller promises a NUL at the end.
        match unsafe { CStr::from_ptr(request) }.to_str() {
            Ok(request) => answer(request),
            Err(error) => Err(not_a_text(&format!("not UTF-8: {error}"))),
        }
    };
    let json = || read().unwrap_or_else(|error| error.to_json());
    // Allocation can panic, too.
    let text = guarded(|| CString::new(json()).ok()).ok().flatten();
    text.map_or(ptr::null_mut(), CString::into_raw)
}

/// Gives an answer back; see the header.
///
/// # Safety
/// `answer` is null or came from `mach_nix_resolve` and was not given back yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mach_nix_free(answer: *mut c_char) {
    if !answer.is_null() {
        // SAFETY: it was made by `CString::into_raw`.
        drop(unsafe { CString::from_raw(answer) });
    }
}

/// The version of mach-nix.
#[unsafe(no_mangle)]
pub extern "C" fn mach_nix_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => panic!("a version has no NUL"),
        };
    VERSION.as_ptr()
}

/// The part of the builtin that is written in Nix; see the header.
#[unsafe(no_mangle)]
pub extern "C" fn mach_nix_glue() -> *const c_char {
    GLUE.as_ptr()
}
