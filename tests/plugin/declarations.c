/* Compiled, never run: what crates/plugin/src/nix/api.rs takes Nix's C API to be is what Nix's headers say.
 *
 * Enumerations are `int` there, and pointers to distinct structs distinct; `const` does not matter to a caller in Rust.
 * run.sh compares the list of names with that of api.rs.
 */
#include <nix_api_util.h>
#include <nix_api_store.h>
#include <nix_api_expr.h>
#include <nix_api_value.h>

_Static_assert(NIX_OK == 0 && NIX_ERR_UNKNOWN == -1, "numbers of errors");
_Static_assert(sizeof(nix_err) == sizeof(int), "size of errors");

typedef void (*function_of_ours)(void *, nix_c_context *, EvalState *, nix_value **, nix_value *);
typedef void (*text_taker)(const char *, unsigned int, void *);

#define IS(name, ...) _Static_assert(__builtin_types_compatible_p(__typeof__(&name), __typeof__(__VA_ARGS__)), #name)

IS(nix_version_get, const char *(*)());
IS(nix_c_context_create, nix_c_context *(*)());
IS(nix_c_context_free, void (*)(nix_c_context *));
IS(nix_set_err_msg, nix_err (*)(nix_c_context *, nix_err, const char *));
IS(nix_err_msg, const char *(*)(nix_c_context *, const nix_c_context *, unsigned int *));
IS(nix_err_info_msg, nix_err (*)(nix_c_context *, const nix_c_context *, text_taker, void *));
IS(nix_store_open, Store *(*)(nix_c_context *, const char *, const char ***));
IS(nix_store_free, void (*)(Store *));
IS(nix_libexpr_init, nix_err (*)(nix_c_context *));
IS(nix_state_create, EvalState *(*)(nix_c_context *, const char **, Store *));
IS(nix_state_free, void (*)(EvalState *));
IS(nix_expr_eval_from_string, nix_err (*)(nix_c_context *, EvalState *, const char *, const char *, nix_value *));
IS(nix_value_call, nix_err (*)(nix_c_context *, EvalState *, nix_value *, nix_value *, nix_value *));
IS(nix_alloc_value, nix_value *(*)(nix_c_context *, EvalState *));
IS(nix_gc_decref, nix_err (*)(nix_c_context *, const void *));
IS(nix_get_string, nix_err (*)(nix_c_context *, const nix_value *, text_taker, void *));
IS(nix_init_string, nix_err (*)(nix_c_context *, nix_value *, const char *));
IS(nix_copy_value, nix_err (*)(nix_c_context *, nix_value *, const nix_value *));
IS(nix_init_primop, nix_err (*)(nix_c_context *, nix_value *, PrimOp *));
IS(nix_alloc_primop,
    PrimOp *(*)(nix_c_context *, function_of_ours, int, const char *, const char **, const char *, void *));
IS(nix_register_primop, nix_err (*)(nix_c_context *, PrimOp *));
