// builtins.machNixResolve for evaluators without the C API: Nix from 2.4 to 2.23, compiled with that Nix's own headers.
//
//     g++ -std=c++17 -fPIC -shared -I HEADERS… -I ../include shim.cc -L FOLDER -Wl,-rpath,FOLDER -lmach_nix_plugin
//
// It only calls: what the builtin does is in the library, and in the Nix functions that the library brings.

#include <memory>
#include <primops.hh>
#include <type_traits>

#include "mach_nix.h"

// A newer Nix looks for this name in the library too, and would register the builtin twice.
extern "C" void nix_plugin_entry() {}

namespace {

using namespace nix;

// A position is a struct up to Nix 2.8 and a number after it.
using AnyPos = std::remove_cv_t<decltype(noPos)>;
using PosArgument = std::conditional_t<sizeof(AnyPos) <= sizeof(void *), AnyPos, const AnyPos &>;

// Later releases want a path object, and an explanation for errors that cannot happen here: the first that compiles.
template<class State>
auto parse(State & state, const std::string & text, int)
    -> decltype(state.parseExprFromString(text, state.rootPath(std::string_view("/"))))
{
    return state.parseExprFromString(text, state.rootPath(std::string_view("/")));
}

template<class State>
auto parse(State & state, const std::string & text, long)
{
    return state.parseExprFromString(text, "/");
}

template<class State>
auto textOf(State & state, Value & value, int) -> decltype(std::string(state.forceString(value, noPos, "")))
{
    return std::string(state.forceString(value, noPos, ""));
}

template<class State>
auto textOf(State & state, Value & value, long)
{
    return std::string(state.forceString(value, noPos));
}

void applyGlue(EvalState & state, const char * name, Value & argument, Value & result, PosArgument pos)
{
    auto & function = *state.allocValue();
    state.eval(parse(state, "(" + std::string(mach_nix_glue()) + ")." + name, 0), function);
    state.callFunction(function, argument, result, pos);
    state.forceValue(result, pos);
}

void resolve(EvalState & state, PosArgument pos, Value ** arguments, Value & result)
{
    auto & request = *state.allocValue();
    applyGlue(state, "request", *arguments[0], request, pos);
    std::unique_ptr<char, decltype(&mach_nix_free)> answer(
        mach_nix_resolve(textOf(state, request, 0).c_str()), mach_nix_free);
    if (!answer) throw Error("builtins.machNixResolve: no memory for the answer");
    auto & text = *state.allocValue();
    text.mkString(std::string_view(answer.get()));
    applyGlue(state, "answer", text, result, pos);
}

RegisterPrimOp registered({
    .name = "__machNixResolve",
    .args = {"request"},
    .arity = 1,
    .doc = "Resolves Python requirements over a snapshot, and gives what `mach-nix.lock` would hold.",
    .fun = resolve,
});

}
