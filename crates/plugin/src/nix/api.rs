//! The part of Nix's C API that is used. `tests/plugin/declarations.c` compares it with Nix's headers.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::OnceLock;

/// `NIX_OK`
pub const OK: c_int = 0;
/// `NIX_ERR_UNKNOWN`: the error code of a builtin.
pub const ERR_UNKNOWN: c_int = -1;

/// `nix_c_context`
pub enum Context {}
/// `Store`
pub enum Store {}
/// `EvalState`
pub enum EvalState {}
/// `nix_value`
pub enum Value {}
/// `PrimOp`
pub enum PrimOp {}

/// `PrimOpFun`
pub type PrimOpFun =
    unsafe extern "C" fn(*mut c_void, *mut Context, *mut EvalState, *mut *mut Value, *mut Value);
/// `nix_get_string_callback`
pub type GetString = unsafe extern "C" fn(*const c_char, c_uint, *mut c_void);

macro_rules! api {
    ($($name:ident: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions, as they were found.
        pub struct Api {
            $(pub $name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl Api {
            /// Takes every function from `find`; the name of one that it does not find is the error.
            ///
            /// # Safety
            /// For a name, `find` gives null or the function of Nix's C API with that name.
            pub unsafe fn load(find: impl Fn(&CStr) -> *mut c_void) -> Result<Self, &'static str> {
                Ok(Self {
                    $($name: {
                        let name = concat!(stringify!($name), "\0");
                        let name = CStr::from_bytes_with_nul(name.as_bytes()).map_err(|_| stringify!($name))?;
                        let found = find(name);
                        if found.is_null() {
                            return Err(stringify!($name));
                        }
                        // SAFETY: it is the function of that name, which has this type in all releases with the API.
                        unsafe {
                            std::mem::transmute::<
                                *mut c_void,
                                unsafe extern "C" fn($($argument),*) $(-> $result)?,
                            >(found)
                        }
                    },)*
                })
            }
        }
    };
}

api! {
    nix_version_get: fn() -> *const c_char;
    nix_c_context_create: fn() -> *mut Context;
    nix_c_context_free: fn(*mut Context);
    nix_set_err_msg: fn(*mut Context, c_int, *const c_char) -> c_int;
    nix_err_msg: fn(*mut Context, *const Context, *mut c_uint) -> *const c_char;
    nix_err_info_msg: fn(*mut Context, *const Context, GetString, *mut c_void) -> c_int;
    nix_store_open: fn(*mut Context, *const c_char, *mut *mut *const c_char) -> *mut Store;
    nix_store_free: fn(*mut Store);
    nix_libexpr_init: fn(*mut Context) -> c_int;
    nix_state_create: fn(*mut Context, *mut *const c_char, *mut Store) -> *mut EvalState;
    nix_state_free: fn(*mut EvalState);
    nix_expr_eval_from_string:
        fn(*mut Context, *mut EvalState, *const c_char, *const c_char, *mut Value) -> c_int;
    nix_value_call: fn(*mut Context, *mut EvalState, *mut Value, *mut Value, *mut Value) -> c_int;
    nix_alloc_value: fn(*mut Context, *mut EvalState) -> *mut Value;
    nix_gc_decref: fn(*mut Context, *const c_void) -> c_int;
    nix_get_string: fn(*mut Context, *const Value, GetString, *mut c_void) -> c_int;
    nix_init_string: fn(*mut Context, *mut Value, *const c_char) -> c_int;
    nix_copy_value: fn(*mut Context, *mut Value, *const Value) -> c_int;
    nix_init_primop: fn(*mut Context, *mut Value, *mut PrimOp) -> c_int;
    nix_alloc_primop: fn(
        *mut Context,
        PrimOpFun,
        c_int,
        *const c_char,
        *mut *const c_char,
        *const c_char,
        *mut c_void
    ) -> *mut PrimOp;
    nix_register_primop: fn(*mut Context, *mut PrimOp) -> c_int;
}

impl Api {
    /// The version of Nix.
    pub fn version(&self) -> &str {
        // SAFETY: it gives a text that lives as long as the library.
        let version = unsafe { CStr::from_ptr((self.nix_version_get)()) };
        version.to_str().unwrap_or("of no readable version")
    }
}

/// The interface of the Nix that loaded the plugin.
pub static API: OnceLock<Api> = OnceLock::new();
