{ lib, machNix, ... }:

{
  "the first first" = {
    expr = lib.fix (
      lib.extends
        (machNix.mergeOverrides [
          (_: super: { order = super.order ++ [ "first" ]; })
          (_: super: { order = super.order ++ [ "second" ]; })
          (self: _: { last = lib.last self.order; })
        ])
        (_: {
          order = [ ];
        })
    );
    expected = {
      order = [
        "first"
        "second"
      ];
      last = "second";
    };
  };
  "none" = {
    expr = machNix.mergeOverrides [ ] { } { a = 1; };
    expected = { };
  };
}
