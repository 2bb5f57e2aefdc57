{ pkgs, scope, ... }:

let
  chosen =
    python: arguments:
    (scope {
      inherit pkgs python;
      fail = message: throw "mach-nix.mkPython: ${message}";
    }).chosenPython
      arguments;

  # Of a set with two interpreters, the default is the first.
  others = pkgs // {
    python3 = pkgs.python3 // {
      pythonVersion = "3.9";
    };
    python39 = others.python3;
  };
  over =
    arguments:
    (
      (scope {
        pkgs = others;
        python = null;
        fail = throw;
      }).chosenPython
      arguments
    ).pythonVersion;
  lock = targets: { inherit targets; };
  on = system: python: { inherit python system; };
  here = on pkgs.stdenv.hostPlatform.system;
in
{
  "without a lock, the default of nixpkgs" = {
    expr = chosen null { } == pkgs.python3;
    expected = true;
  };
  "what is given goes before the lock" = {
    expr = [
      (chosen "python311" { lock = lock [ (here "3.9") ]; } == pkgs.python311)
      (
        chosen null {
          python = "python311";
          lock = lock [ (here "3.9") ];
        } == pkgs.python311
      )
    ];
    expected = [
      true
      true
    ];
  };
  "the default, where the lock has it" = {
    expr = over {
      lock = lock [
        (here "3.11.2")
        (here "3.9.1")
      ];
    };
    expected = "3.9";
  };
  "the interpreter of the lock" = {
    expr = over {
      lock = lock [
        (on "riscv64-linux" "3.9")
        (here "3.11.2")
      ];
    };
    expected = "3.11";
  };
  "the one of a file" = {
    expr = over {
      lock = builtins.toFile "mach-nix.lock" (builtins.toJSON (lock [ (here "3.11") ]));
    };
    expected = "3.11";
  };
  "a lock for other systems leaves it to the check of the lock" = {
    expr = over { lock = lock [ (on "riscv64-linux" "3.11") ]; };
    expected = "3.9";
  };
}
