//! Evaluating through the C API, with errors as texts.

use std::ffi::{CStr, CString, c_char, c_uint, c_void};
use std::{ptr, slice};

use super::api::{Api, Context, EvalState, OK, PrimOp, Value};

/// An evaluator, and the context in which its functions leave their errors.
pub struct Evaluator<'a> {
    /// The functions.
    pub api: &'a Api,
    state: *mut EvalState,
    context: *mut Context,
}

/// A value that is a root of the garbage collector as long as this lives.
pub struct Rooted<'a> {
    api: &'a Api,
    value: *mut Value,
}

impl Drop for Rooted<'_> {
    fn drop(&mut self) {
        // SAFETY: the value was allocated by `nix_alloc_value`, and is freed once.
        unsafe { (self.api.nix_gc_decref)(ptr::null_mut(), self.value.cast_const().cast()) };
    }
}

impl Drop for Evaluator<'_> {
    fn drop(&mut self) {
        // SAFETY: it was made by `nix_c_context_create`, and nobody else has it.
        unsafe { (self.api.nix_c_context_free)(self.context) };
    }
}

impl<'a> Evaluator<'a> {
    /// # Safety
    /// The state is one of the C API, and it outlives this; null where only what needs no state is called.
    pub unsafe fn new(api: &'a Api, state: *mut EvalState) -> Self {
        // SAFETY: this function takes nothing.
        let context = unsafe { (api.nix_c_context_create)() };
        Self { api, state, context }
    }

    /// Where functions that are called elsewhere leave their errors.
    pub fn context(&self) -> *mut Context {
        self.context
    }

    /// The value of an expression.
    pub fn evaluate(&self, expression: &str) -> Result<Rooted<'a>, String> {
        let expression = text(expression)?;
        let value = self.allocate()?;
        // SAFETY: the state is valid, the texts end with a NUL, and the value is new.
        self.check(unsafe {
            (self.api.nix_expr_eval_from_string)(
                self.context,
                self.state,
                expression.as_ptr(),
                c"/".as_ptr(),
                value.value,
            )
        })?;
        Ok(value)
    }

    /// A string without context.
    pub fn string(&self, string: &str) -> Result<Rooted<'a>, String> {
        let string = text(string)?;
        let value = self.allocate()?;
        // SAFETY: the value is new and the text, which is copied, ends with a NUL.
        self.check(unsafe { (self.api.nix_init_string)(self.context, value.value, string.as_ptr()) })?;
        Ok(value)
    }

    /// A function that is written in another language.
    ///
    /// # Safety
    /// The function is one that `nix_alloc_primop` gave.
    pub unsafe fn function(&self, function: *mut PrimOp) -> Result<Rooted<'a>, String> {
        let value = self.allocate()?;
        // SAFETY: the value is new, and the caller knows the function.
        self.check(unsafe { (self.api.nix_init_primop)(self.context, value.value, function) })?;
        Ok(value)
    }

    /// Applies a function; the result is evaluated.
    ///
    /// # Safety
    /// The argument is a value of this evaluator.
    pub unsafe fn apply_to(&self, function: &Rooted<'_>, argument: *mut Value) -> Result<Rooted<'a>, String> {
        let value = self.allocate()?;
        // SAFETY: the state is valid and the result is new; the caller knows the argument.
        self.check(unsafe {
            (self.api.nix_value_call)(self.context, self.state, function.value, argument, value.value)
        })?;
        Ok(value)
    }

    /// Applies a function; the result is evaluated.
    pub fn apply(&self, function: &Rooted<'_>, argument: &Rooted<'_>) -> Result<Rooted<'a>, String> {
        // SAFETY: a rooted value is one of this evaluator: there is one at a time.
        unsafe { self.apply_to(function, argument.value) }
    }

    /// The text of a value that is known to be a string: of any other, Nix aborts the process.
    pub fn text_of(&self, value: &Rooted<'_>) -> Result<String, String> {
        let mut text = Vec::new();
        // SAFETY: `collect` gets the vector, which outlives the call.
        self.check(unsafe {
            (self.api.nix_get_string)(self.context, value.value, collect, (&raw mut text).cast())
        })?;
        String::from_utf8(text).map_err(|_| "builtins.machNixResolve: a text is not UTF-8".to_owned())
    }

    /// Copies a value into a new one.
    ///
    /// # Safety
    /// The target is a value without content.
    pub unsafe fn copy(&self, target: *mut Value, value: &Rooted<'_>) -> Result<(), String> {
        // SAFETY: the caller knows the target.
        self.check(unsafe { (self.api.nix_copy_value)(self.context, target, value.value) })
    }

    /// The error of a function, if its code is one.
    pub fn check(&self, code: std::ffi::c_int) -> Result<(), String> {
        if code == OK { Ok(()) } else { Err(self.error()) }
    }

    /// The error that the last function left.
    pub fn error(&self) -> String {
        let mut text = Vec::new();
        // A context of its own: it would overwrite the one that it reads. A null one would throw.
        // SAFETY: the contexts are valid, and `collect` gets the vector, which outlives the calls.
        unsafe {
            let own = (self.api.nix_c_context_create)();
            // The words alone, without the position in `glue.nix`; only errors of Nix have them.
            if (self.api.nix_err_info_msg)(own, self.context, collect, (&raw mut text).cast()) != OK {
                let mut length: c_uint = 0;
                let message = (self.api.nix_err_msg)(own, self.context, &raw mut length);
                if !message.is_null() {
                    collect(message, length, (&raw mut text).cast());
                }
            }
            (self.api.nix_c_context_free)(own);
        }
        without_colours(&String::from_utf8_lossy(&text))
    }

    fn allocate(&self) -> Result<Rooted<'a>, String> {
        // SAFETY: the state is valid.
        let value = unsafe { (self.api.nix_alloc_value)(self.context, self.state) };
        if value.is_null() {
            return Err(self.error());
        }
        Ok(Rooted { api: self.api, value })
    }
}

/// Receives a text from a function of Nix.
unsafe extern "C" fn collect(start: *const c_char, length: c_uint, into: *mut c_void) {
    // SAFETY: Nix gives so many bytes, and whoever passed this function passed a vector.
    unsafe {
        let bytes = slice::from_raw_parts(start.cast::<u8>(), length as usize);
        (*into.cast::<Vec<u8>>()).extend_from_slice(bytes);
    }
}

fn text(text: &str) -> Result<CString, String> {
    CString::new(text).map_err(|_| "builtins.machNixResolve: a text has a NUL".to_owned())
}

/// Nix colours its messages; this one becomes part of another.
fn without_colours(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

/// Hands an error to Nix. A NUL would end it early.
///
/// # Safety
/// The context is one of the C API.
pub unsafe fn report(api: &Api, context: *mut Context, message: &str) {
    let message = CString::new(message.replace('\0', "")).unwrap_or_default();
    let message: &CStr = &message;
    // SAFETY: the caller knows the context; the text is copied.
    unsafe { (api.nix_set_err_msg)(context, super::api::ERR_UNKNOWN, message.as_ptr()) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(without_colours("a \u{1b}[35;1mb\u{1b}[0m c"), "a b c");
        assert_eq!(without_colours("plain\n"), "plain\n");
    }
}
