{ lib, scope, ... }:

let
  fail = message: throw "mach-nix.mkPython: ${message}";
  change = (scope { inherit lib fail; }).attributes {
    where = "_.numpy";
    pySelf.six = "six";
  };
  old = {
    list = [ 1 ];
    set.a = 1;
    string = "a";
    nothing = null;
  };
  refusal = changes: msg: {
    expr = change changes old;
    expectedError = { inherit msg; };
  };
in
{
  "replaced" = {
    expr = change {
      list = [ 2 ];
      set.b = 2;
      string = "b";
      new = true;
    } old;
    expected = {
      list = [ 2 ];
      set.b = 2;
      string = "b";
      new = true;
    };
  };
  "added" = {
    expr = change {
      list.add = [ 2 ];
      set.add.b = 2;
      string.add = "b";
    } old;
    expected = {
      list = [
        1
        2
      ];
      set = {
        a = 1;
        b = 2;
      };
      string = "ab";
    };
  };
  "added to what is not there" = {
    expr = change {
      list2.add = [ 2 ];
      nothing.add = "b";
    } old;
    expected = {
      list2 = [ 2 ];
      nothing = "b";
    };
  };
  "modified" = {
    expr = change {
      list.mod = old: old ++ [ 2 ];
      string.mod =
        pySelf: oldAttrs: old:
        "${old}${pySelf.six}${toString (lib.length oldAttrs.list)}";
      absent.mod = old: old == null;
    } old;
    expected = {
      list = [
        1
        2
      ];
      string = "asix1";
      absent = true;
    };
  };
  "sets with more than one name replace" = {
    expr = change {
      set = {
        add = 1;
        mod = 2;
      };
    } old;
    expected.set = {
      add = 1;
      mod = 2;
    };
  };

  "add of a number" =
    refusal
      {
        list.add = 1;
      }
      "mach-nix.mkPython: `_.numpy.list.add` must be a list, an attribute set or a string, but is an integer";
  "add of another type" =
    refusal
      {
        list.add = "b";
      }
      "`_.numpy.list.add` is a string, but the attribute is a list; give the same type, or change it with `_.numpy.list.mod`";
  "mod without a function" = refusal {
    list.mod = [ ];
  } "`_.numpy.list.mod` must be a function, but is a list";
}
