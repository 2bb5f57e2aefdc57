# The argument `_` as an overlay: `_.<package>.<attribute>`, see ./attributes.nix.
{
  lib,
  fail,
  attributeName,
  typeName,
  normalName,
  nearest,
  attributes,
  compat,
}:

let
  inherit (compat) overrideAttrs;
in
{
  # The interpreter without the overlay.
  python,
  # The names of the locked packages, for suggestions.
  locked,
}:
overrides: pySelf: pySuper:
let
  # Names in any spelling; a few in nixpkgs are not in normal form.
  attribute =
    name:
    lib.findFirst (spelling: pySuper ? ${spelling}) null [
      (normalName name)
      name
    ];

  unknown =
    name:
    let
      meant = nearest locked name;
    in
    fail (
      "`_.${attributeName name}` is about a package that is neither locked nor in the Python packages of nixpkgs; "
      + (if meant != null then "did you mean `_.${attributeName meant}`?" else "leave it out")
    );

  override =
    name: changes:
    if !builtins.isAttrs changes then
      fail "`_.${attributeName name}` must be an attribute set such as `{ buildInputs.add = [ … ]; }`, but is ${
        typeName.${builtins.typeOf changes}
      }"
    else if attribute name == null then
      unknown name
    else
      lib.nameValuePair (attribute name) (
        overrideAttrs python (attributes {
          where = "_.${attributeName name}";
          inherit pySelf;
        } changes) pySuper.${attribute name}
      );
in
lib.mapAttrs' override overrides
