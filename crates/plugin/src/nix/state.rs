//! The evaluator that a builtin is called with.
//!
//! From Nix 2.24.0 to 2.34.0 a builtin gets a pointer to the evaluator of the C++ side, where the C API expects one to a
//! struct that holds it. Up to 2.33 the evaluator is a member at a fixed place, so the struct "begins" at a fixed distance
//! before the evaluator, and the C API touches nothing else of it; the distance is measured on an evaluator of our own,
//! of which both pointers are known. In 2.34.0 the struct holds a pointer, and no distance helps. From 2.34.1 on the
//! pointer is right.

use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

use super::api::{Api, Context, EvalState, PrimOpFun, Store, Value};
use super::value::Evaluator;

/// The first version of Nix with a correct pointer.
const RIGHT: [u32; 3] = [2, 34, 1];
/// The version before it, whose pointer cannot be corrected.
const REFUSED: [u32; 3] = [2, 34, 0];
/// Larger than the struct was in any release.
const LARGEST: usize = 1 << 20;

/// Whether this Nix can be served.
pub fn check_version(version: &str) -> Result<(), String> {
    if numbers(version) == REFUSED {
        return Err(
            "Nix 2.34.0 hands a wrong pointer to builtins of plugins: use 2.34.1 or later, or 2.33"
                .to_owned(),
        );
    }
    Ok(())
}

/// The pointer for the C API, from the one that a builtin gets.
pub fn corrected(api: &Api, given: *mut EvalState) -> Result<*mut EvalState, String> {
    static DISTANCE: OnceLock<Result<usize, String>> = OnceLock::new();
    if numbers(api.version()) >= RIGHT {
        return Ok(given);
    }
    let distance = DISTANCE.get_or_init(|| measure(api)).clone()?;
    Ok(given.cast::<u8>().wrapping_sub(distance).cast())
}

/// The numbers at the beginning of a version, such as `2.34.0pre20260101_abcdef`.
fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = [0; 3];
    for (number, part) in numbers.iter_mut().zip(version.split('.')) {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        *number = part[..digits].parse().unwrap_or_default();
    }
    numbers
}

/// An evaluator over an empty store, which nothing is evaluated in but a call of `note`.
struct Own<'a> {
    api: &'a Api,
    store: *mut Store,
    state: *mut EvalState,
}

impl Drop for Own<'_> {
    fn drop(&mut self) {
        // SAFETY: both came from the functions that make them, or are null.
        unsafe {
            if !self.state.is_null() {
                (self.api.nix_state_free)(self.state);
            }
            if !self.store.is_null() {
                (self.api.nix_store_free)(self.store);
            }
        }
    }
}

fn measure(api: &Api) -> Result<usize, String> {
    let wrong = |reason: &str| {
        format!(
            "the evaluator of Nix {} cannot be reached ({reason}): use 2.34.1 or later, or the shim",
            api.version()
        )
    };
    // SAFETY: nothing that needs a state is called with this one.
    let errors = unsafe { Evaluator::new(api, ptr::null_mut()) };
    let mut own = Own {
        api,
        store: ptr::null_mut(),
        state: ptr::null_mut(),
    };
    let mut no_paths = [ptr::null()];
    // SAFETY: the texts end with a NUL and the list with a null pointer; what is null is not used.
    unsafe {
        errors
            .check((api.nix_libexpr_init)(errors.context()))
            .map_err(|error| wrong(&error))?;
        own.store = (api.nix_store_open)(errors.context(), c"dummy://".as_ptr(), ptr::null_mut());
        if own.store.is_null() {
            return Err(wrong(&errors.error()));
        }
        own.state = (api.nix_state_create)(errors.context(), no_paths.as_mut_ptr(), own.store);
        if own.state.is_null() {
            return Err(wrong(&errors.error()));
        }
    }
    let mut given: *mut EvalState = ptr::null_mut();
    call_note(api, own.state, &raw mut given).map_err(|error| wrong(&error))?;
    let distance = (given as usize).wrapping_sub(own.state as usize);
    if given.is_null() || distance > LARGEST {
        return Err(wrong("it is not where it was in other releases"));
    }
    Ok(distance)
}

fn call_note(api: &Api, state: *mut EvalState, given: *mut *mut EvalState) -> Result<(), String> {
    let note: PrimOpFun = note;
    // SAFETY: the state is one of the C API, and the caller holds it.
    let evaluator = unsafe { Evaluator::new(api, state) };
    let arity: c_int = 1;
    // SAFETY: the texts end with a NUL; `given` outlives the call, after which nobody has the function.
    unsafe {
        let function = (api.nix_alloc_primop)(
            evaluator.context(),
            note,
            arity,
            c"note".as_ptr(),
            ptr::null_mut(),
            c"".as_ptr(),
            given.cast(),
        );
        if function.is_null() {
            return Err(evaluator.error());
        }
        let function = evaluator.function(function)?;
        evaluator.apply(&function, &evaluator.string("")?)?;
    }
    Ok(())
}

/// A builtin that records its evaluator and returns its argument.
unsafe extern "C" fn note(
    given: *mut c_void,
    context: *mut Context,
    state: *mut EvalState,
    arguments: *mut *mut Value,
    result: *mut Value,
) {
    // SAFETY: `call_note` passed room for the pointer; Nix passes one argument and a new value.
    unsafe {
        *given.cast::<*mut EvalState>() = state;
        if let Some(api) = super::api::API.get() {
            (api.nix_copy_value)(context, result, *arguments);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared() {
        assert!(numbers("2.34.0") < RIGHT);
        assert!(numbers("2.34.1") >= RIGHT);
        assert!(numbers("2.36.0pre20261101_1234567") >= RIGHT);
        assert_eq!(numbers("2.26.3+dfsg"), [2, 26, 3]);
        assert!(check_version("2.34.0").unwrap_err().contains("use 2.34.1"));
        assert!(check_version("2.33.6").is_ok());
    }
}
