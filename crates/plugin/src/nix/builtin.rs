//! `builtins.machNixResolve`.

use std::ffi::{CStr, c_void};
use std::ptr;

use super::api::{API, Api, Context, EvalState, Value};
use super::state::corrected;
use super::value::{Evaluator, report};
use crate::answer::answer;
use crate::guard::guarded;

/// The part of the builtin that is written in Nix.
pub const GLUE: &CStr = match CStr::from_bytes_with_nul(concat!(include_str!("../glue.nix"), "\0").as_bytes())
{
    Ok(glue) => glue,
    Err(_) => panic!("an expression has no NUL"),
};

/// Shown by `:doc builtins.machNixResolve`.
const DOCUMENTATION: &CStr = c"Resolves Python requirements over a snapshot of a package index, and gives what \
    `mach-nix.lock` would hold.\n\n\
    The argument is a set of `requirements` (text) or `pyproject` (text), `python`, `system` and `pypiData` (path of \
    the snapshot), and optionally `providers`, `constraints`, `excludeNewer`, `prerelease`, `extras`, `groups`, \
    `indexUrls`, `condaChannels`, `condaVirtual`, `name` and `nixpkgsInventory`.";

/// Adds the builtin to the evaluators that come.
pub fn register(api: &Api) -> Result<(), String> {
    // SAFETY: nothing that needs a state is called with this one.
    let errors = unsafe { Evaluator::new(api, ptr::null_mut()) };
    let mut arguments = [c"request".as_ptr(), ptr::null()];
    // SAFETY: the texts end with a NUL and live for ever or are copied, the list ends with a null pointer.
    unsafe {
        let function = (api.nix_alloc_primop)(
            errors.context(),
            resolve,
            1,
            // The underscores keep the name out of the global scope.
            c"__machNixResolve".as_ptr(),
            arguments.as_mut_ptr(),
            DOCUMENTATION.as_ptr(),
            ptr::null_mut(),
        );
        if function.is_null() {
            return Err(errors.error());
        }
        errors.check((api.nix_register_primop)(errors.context(), function))
    }
}

/// The function that Nix calls.
unsafe extern "C" fn resolve(
    _: *mut c_void,
    context: *mut Context,
    state: *mut EvalState,
    arguments: *mut *mut Value,
    result: *mut Value,
) {
    let Some(api) = API.get() else { return };
    // SAFETY: Nix passes an evaluator, one argument, and a new value for the result.
    let outcome = guarded(|| unsafe { call(api, state, *arguments, result) });
    let outcome = outcome.and_then(|outcome| outcome);
    if let Err(message) = outcome {
        // SAFETY: Nix passes a context for this.
        unsafe { report(api, context, &message) };
    }
}

/// # Safety
/// The state is what Nix gives to a builtin, the argument a value of it, and the result has no content yet.
unsafe fn call(
    api: &Api,
    state: *mut EvalState,
    argument: *mut Value,
    result: *mut Value,
) -> Result<(), String> {
    let state = corrected(api, state)?;
    // SAFETY: it is the evaluator that called.
    let evaluator = unsafe { Evaluator::new(api, state) };
    let request = glue(&evaluator, "request")?;
    // SAFETY: the argument is a value of this evaluator.
    let request = unsafe { evaluator.apply_to(&request, argument) }?;
    // The glue gives a string or fails.
    // An error is not thrown in Nix: the C API would put a second `error:` before it.
    let answer = answer(&evaluator.text_of(&request)?).map_err(|error| error.message)?;
    let text = evaluator.string(&answer)?;
    let value = evaluator.apply(&glue(&evaluator, "answer")?, &text)?;
    // SAFETY: Nix gave the result without content.
    unsafe { evaluator.copy(result, &value) }
}

fn glue<'a>(evaluator: &Evaluator<'a>, function: &str) -> Result<super::value::Rooted<'a>, String> {
    let glue = GLUE.to_string_lossy();
    evaluator.evaluate(&format!("({glue}).{function}"))
}
