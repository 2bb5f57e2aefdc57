# Names of types for error messages, by their names in `builtins.typeOf`.
{ }:

{
  bool = "a boolean";
  float = "a float";
  int = "an integer";
  lambda = "a function";
  list = "a list";
  null = "null";
  path = "a path";
  set = "an attribute set";
  string = "a string";
}
