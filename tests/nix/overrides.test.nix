# `_.<package>.<attribute>` in all its forms, for every kind of attribute and of package: the
# attributes of the derivations are the same on every package set.
{
  lib,
  pkgs,
  scope,
  ...
}:

let
  lockFile = import ./lockFile.nix { inherit lib; };
  requirements = [ "own-wheel==1.0" ];
  digest = (scope { }).digest.digest requirements;
  inherit (pkgs) python311;

  fromNixpkgs = name: {
    inherit name;
    provider = "nixpkgs";
    attribute = name;
    version = (set.${name} or python311.pkgs.${name}).version;
  };
  source =
    name: version:
    lockFile.package name version
    // {
      provider = "sdist";
      file = "${name}-${version}.tar.gz";
      url = "https://example.org/${name}-${version}.tar.gz";
      build = {
        requires = [ "setuptools" ];
        packages = [ (lockFile.package "setuptools" "70.0.0") ];
      };
    };
  lock = lockFile.file {
    request = lockFile.data.request // {
      inherit requirements digest;
    };
    targets = [
      {
        python = "3.11";
        inherit (pkgs.stdenv.hostPlatform) system;
      }
    ];
    packages = [
      (fromNixpkgs "build" // { dependencies = [ "packaging" ]; })
      (fromNixpkgs "installer")
      (fromNixpkgs "of-the-set")
      (lockFile.package "own-wheel" "1.0")
      (lockFile.package "packaging" "99.0")
      (source "own-source" "1.0")
      (source "pyproject-hooks" "99.0")
    ];
  };

  # A package that the set of the user has, and nixpkgs has not.
  set.of-the-set = python311.pkgs.buildPythonPackage {
    pname = "of-the-set";
    version = "1.0";
    format = "other";
    src = ./locks;
  };

  # The overridden package: one attribute of each type.
  base = {
    list = [ "base.patch" ];
    string = "base";
    set.homepage = "base";
  };
  withBase = old: {
    meta = old.meta or { } // base.set;
    patches = base.list;
    postInstall = base.string;
  };

  packages = {
    "a wheel that nixpkgs knows" = "packaging";
    "a wheel that nixpkgs does not know" = "own-wheel";
    "a source that nixpkgs knows" = "pyproject-hooks";
    "a source that nixpkgs does not know" = "own-source";
    "a package of nixpkgs as it is" = "installer";
    "a package of nixpkgs with locked inputs" = "build";
    "a package of the user's set" = "of-the-set";
    "a package that is not locked" = "flit-core";
  };

  attribute = {
    list = "patches";
    string = "postInstall";
    set = "meta";
    absent = "preInstall";
  };
  # The attributes read from the derivation.
  value = {
    list = drv: drv.patches;
    string = drv: drv.postInstall;
    set = drv: {
      base = drv.meta.homepage or null;
      new = drv.meta.description or null;
    };
    absent = drv: drv.preInstall;
  };

  forms = {
    list = {
      replaced = {
        change = [ "new.patch" ];
        expected = [ "new.patch" ];
      };
      added = {
        change.add = [ "new.patch" ];
        expected = [
          "base.patch"
          "new.patch"
        ];
      };
      modified = {
        change.mod = old: [ "new.patch" ] ++ old;
        expected = [
          "new.patch"
          "base.patch"
        ];
      };
      "modified by everything" = {
        change.mod =
          pySelf: oldAttrs: old:
          old ++ [ "${pySelf.own-wheel.version}-${oldAttrs.postInstall}" ];
        expected = [
          "base.patch"
          "1.0-base"
        ];
      };
    };
    string = {
      replaced = {
        change = "new";
        expected = "new";
      };
      added = {
        change.add = " new";
        expected = "base new";
      };
      modified = {
        change.mod = old: "new ${old}";
        expected = "new base";
      };
      "modified by everything" = {
        change.mod =
          pySelf: oldAttrs: old:
          "${old} ${toString oldAttrs.patches} ${pySelf.own-wheel.pname}";
        expected = "base base.patch own-wheel";
      };
    };
    set = {
      replaced = {
        change.description = "new";
        expected = {
          base = null;
          new = "new";
        };
      };
      added = {
        change.add.description = "new";
        expected = {
          base = "base";
          new = "new";
        };
      };
      modified = {
        change.mod = old: old // { description = "new ${old.homepage}"; };
        expected = {
          base = "base";
          new = "new base";
        };
      };
      "modified by everything" = {
        change.mod =
          pySelf: oldAttrs: old:
          old // { description = "${oldAttrs.postInstall} ${pySelf.own-wheel.version}"; };
        expected = {
          base = "base";
          new = "base 1.0";
        };
      };
    };
    absent = {
      replaced = {
        change = "new";
        expected = "new";
      };
      added = {
        change.add = "new";
        expected = "new";
      };
      modified = {
        change.mod = old: if old == null then "new" else old;
        expected = "new";
      };
    };
  };

  environment =
    changes:
    (import ../.. { inherit pkgs; }).mkPython {
      requirements = lib.concatStringsSep "\n" requirements;
      inherit lock;
      python = "python311";
      overridesPre = [ (_: _: set) ];
      overridesPost = [
        (_: super: lib.genAttrs (lib.attrValues packages) (name: super.${name}.overrideAttrs withBase))
      ];
      _ = changes;
    };

  case = description: name: type: form: {
    name = "${type} ${form}, ${description}";
    value =
      let
        drv =
          (environment { ${name}.${attribute.${type}} = forms.${type}.${form}.change; }).python.pkgs.${name};
      in
      {
        expr = {
          value = value.${type} drv;
          inDerivation = type == "set" || drv.drvAttrs ? ${attribute.${type}};
          builds = lib.isString drv.drvPath;
        };
        expected = {
          value = forms.${type}.${form}.expected;
          inDerivation = true;
          builds = true;
        };
      };
  };

  cases = lib.concatLists (
    lib.mapAttrsToList (
      description: name:
      lib.concatLists (
        lib.mapAttrsToList (type: named: map (case description name type) (lib.attrNames named)) forms
      )
    ) packages
  );
in
lib.listToAttrs cases
// {
  "there are at least 60 cases" = {
    expr = lib.length cases >= 60;
    expected = true;
  };
}
