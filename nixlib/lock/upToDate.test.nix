{ lib, scope, ... }:

let
  lockFile = import ../../tests/nix/lockFile.nix { inherit lib; };
  digest = (scope { inherit lib; }).digest;
  fail = message: throw "mach-nix.mkPython: ${message}";
  upToDate = (scope { inherit lib fail; }).upToDate;

  check =
    {
      text ? lockFile.text,
      file ? "requirements.txt",
      request ? { },
      isComputed ? false,
      isEnvironment ? false,
      providers ? null,
    }:
    upToDate {
      lock = lockFile.data // {
        file = "/project/mach-nix.lock";
        request = lockFile.data.request // request;
      };
      requirements = {
        lines = digest.lines text;
        inherit isComputed isEnvironment;
        inputs = [
          "-r"
          file
        ];
      };
      inherit providers;
    };
  true' = arguments: {
    expr = check arguments;
    expected = true;
  };
  refusal = arguments: msg: {
    expr = check arguments;
    expectedError = { inherit msg; };
  };
  locked = {
    _default = "wheel";
    numpy = "wheel,sdist";
  };
in
{
  "the same text" = true' { };
  "another order and spelling" = true' { text = "# c\nCLICK == 8.1.3\nFlask==2.1.2"; };

  "what a build tells, and a group" = true' {
    text = "Click == 8.1.3";
    isComputed = true;
  };
  "another environment of conda" = refusal {
    text = "dependencies:\n  - numpy\n";
    isEnvironment = true;
  } "does not match `requirements` The environment changed. Renew the lock: `mach-nix lock";
  "a group that is not locked" =
    refusal
      {
        text = "Click == 8.1.3\nPytest >= 7";
        isComputed = true;
      }
      "mach-nix.mkPython: the lock file `/project/mach-nix.lock` does not match `requirements` New in the requirements: pytest>=7 Renew the lock: `mach-nix lock -r requirements.txt`";

  "a new line" =
    refusal { text = lockFile.text + "requests\n"; }
      "mach-nix.mkPython: the lock file `/project/mach-nix.lock` does not match `requirements` New in the requirements: requests Renew the lock: `mach-nix lock -r requirements.txt`";
  "a removed line" = refusal {
    text = "click==8.1.3";
  } "does not match `requirements` No longer in the requirements: flask==2.1.2 Renew the lock";
  "a changed line" = refusal {
    text = "click==8.1.4\nflask==2.1.2";
  } "New in the requirements: click==8.1.4 No longer in the requirements: click==8.1.3 Renew";
  "the name of the file" = refusal {
    text = "";
    file = "dev.txt";
  } "`mach-nix lock -r dev.txt`";
  "recorded lines that are not in normal form" = refusal {
    text = "click==8.1.3\nnew";
    request = {
      requirements = [ "Click == 8.1.3" ];
      digest = "sha256-x";
    };
  } "requirements` New in the requirements: new Renew";
  "recorded lines with other spaces, markers and case" = refusal {
    text = "Flask[Async] == 2 ; python_version < '4'\nnew\n--pre";
    request = {
      requirements = [
        "flask[async]==2 ; python_full_version < '4'"
        "old"
      ];
      digest = "sha256-x";
    };
  } "requirements` New in the requirements: new No longer in the requirements: old Renew";
  "a digest changed by hand" =
    refusal
      {
        request.digest = "sha256-x";
      }
      "match `requirements` An option, a marker or the way of writing changed, or the lock file was changed by hand. Renew";

  "the same providers" = true' {
    request.providers = locked;
    providers = locked;
  };
  "no default given" = true' {
    request.providers = locked;
    providers.numpy = "wheel,sdist";
  };
  "another default" =
    refusal { providers._default = "sdist"; }
      "the lock file `/project/mach-nix.lock` does not match `providers` Given: _default = \"sdist\" Locked: _default = \"wheel\" Renew the lock: `mach-nix lock -r requirements.txt --providers sdist`";
  "another preference for one package" =
    refusal
      {
        request.providers = locked;
        providers.numpy = "sdist";
      }
      "Given: numpy = \"sdist\" Locked: numpy = \"wheel,sdist\" Renew .* --providers wheel --provider numpy=sdist`";
  "no more preference for a package" = refusal {
    request.providers = locked;
    providers._default = "wheel";
  } "`providers` Locked: numpy = \"wheel,sdist\" Renew";
}
