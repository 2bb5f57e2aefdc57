# The host's CPython, copied into the store and presented the way nixpkgs'
# cpython/default.nix presents its own build: same attribute names, same
# override mechanics, passthru made by the tree's passthrufun.nix.
{
  lib,
  stdenv,
  nixpkgs,
  hostTools,
  python-setup-hook,
  passthruFun,
  # splicing, as in cpython/default.nix
  self,
  pkgsBuildBuild,
  pkgsBuildHost,
  pkgsBuildTarget,
  pkgsHostHost,
  pkgsTargetTarget,
  sourceVersion,
  # null: Debian's /usr/bin/pythonX.Y; otherwise the installation prefix of an
  # unmodified CPython (pyenv's for example), which is copied without its site-packages
  prefix ? null,
  pythonAttr ? "python${sourceVersion.major}${sourceVersion.minor}",
  packageOverrides ? (_: _: { }),
  # accepted because callers of the real package may pass them
  enableOptimizations ? false,
  reproducibleBuild ? false,
  x11Support ? false,
  includeSiteCustomize ? true,
  rebuildBytecode ? true,
}@inputs:

let
  pythonDir = nixpkgs + "/pkgs/by-name/py/python";

  # Overriding an interpreter must also override its spliced siblings.
  plainInputs = lib.filterAttrs (
    name: value: !lib.isDerivation value && name != "passthruFun"
  ) inputs;
  withSelf =
    other:
    let
      python = other.override (plainInputs // { self = python; });
    in
    python;

  pythonVersion = "${sourceVersion.major}.${sourceVersion.minor}";
  libPrefix = "python${pythonVersion}";
  sitePackages = "lib/${libPrefix}/site-packages";

  debian = prefix == null;
  installed = builtins.path {
    path = prefix;
    name = "${libPrefix}-prefix";
    filter =
      path: _:
      let
        name = baseNameOf path;
      in
      !(lib.elem name [
        "site-packages"
        "__pycache__"
        "test"
        "tests"
        "share"
        "idlelib"
        "turtledemo"
      ])
      && !(lib.hasPrefix "config-${pythonVersion}" name)
      && (builtins.match ".*/bin" (dirOf path) == null || name == libPrefix);
  };
  src = {
    program = if debian then "/usr/bin/${libPrefix}" else "${installed}/bin/${libPrefix}";
    library = if debian then "/usr/lib/${libPrefix}" else "${installed}/lib/${libPrefix}";
    shared = if debian then "/usr/lib/x86_64-linux-gnu" else "${installed}/lib";
    include = if debian then "/usr/include/${libPrefix}" else "${installed}/include/${libPrefix}";
  };

  passthru = passthruFun {
    inherit
      self
      sourceVersion
      packageOverrides
      pythonAttr
      pythonVersion
      libPrefix
      sitePackages
      ;
    implementation = "cpython";
    executable = libPrefix;
    hasDistutilsCxxPatch = false;
    pythonOnBuildForBuild = withSelf pkgsBuildBuild.${pythonAttr};
    pythonOnBuildForHost = withSelf pkgsBuildHost.${pythonAttr};
    pythonOnBuildForTarget = withSelf pkgsBuildTarget.${pythonAttr};
    pythonOnHostForHost = withSelf pkgsHostHost.${pythonAttr};
    pythonOnTargetForTarget = lib.optionalAttrs (lib.hasAttr pythonAttr pkgsTargetTarget) (
      withSelf pkgsTargetTarget.${pythonAttr}
    );
  };
in
stdenv.mkDerivation {
  pname = "python3";
  version = with sourceVersion; "${major}.${minor}.${patch}${suffix}";

  dontUnpack = true;
  dontConfigure = true;
  dontBuild = true;
  # the ELF files are already as they should be
  dontStrip = true;
  dontPatchELF = true;
  # the host's launchers keep the paths written below
  dontPatchShebangs = true;

  nativeBuildInputs = [ hostTools.patchelf ];

  setupHook = python-setup-hook sitePackages;

  installPhase = ''
    runHook preInstall
    (
    ${hostTools.bundleFunctions hostTools.glibc}
    src=${src.library}
    dst=$out/lib/${libPrefix}
    libs=$out/libexec/host-libs
    ${lib.optionalString (!debian) "export LD_LIBRARY_PATH=${src.shared}"}
    mkdir -p $dst $out/bin $libs $out/include $out/lib/pkgconfig

    tar -C $src --exclude=__pycache__ --exclude=./lib-dynload --exclude='./config-*' \
      --exclude=./test --exclude=./sitecustomize.py --exclude=./_distutils_system_mod.py \
      --exclude=./EXTERNALLY-MANAGED --exclude=./dist-packages -cf - . | tar -C $dst --no-same-permissions -xf -
    chmod -R u+w $dst
    mkdir -p $dst/test $dst/site-packages
    touch $dst/test/__init__.py
    if [ -d $src/test/support ]; then cp -r $src/test/support $dst/test/support; fi
    chmod -R u+w $dst

    for f in $src/lib-dynload/*.so; do
      if ldd "$f" | grep -q 'not found'; then echo "leaving out $(basename "$f")"; continue; fi
      hostInstall "$f" $dst/lib-dynload/$(basename "$f") $libs
    done
    hostInstall ${src.program} $out/bin/${libPrefix} $libs
    for f in ${src.shared}/lib${libPrefix}.so.1.0; do
      if [ -e $f ]; then
        hostInstall $f $out/lib/lib${libPrefix}.so.1.0 $libs
        ln -s lib${libPrefix}.so.1.0 $out/lib/lib${libPrefix}.so
      fi
    done
    if [ -d ${src.include} ]; then
      cp -rL ${src.include} $out/include/
      chmod -R u+w $out/include
    fi
    ${
      if debian then
        ''
          if [ -d $out/include/${libPrefix} ]; then
            cp -L /usr/include/x86_64-linux-gnu/${libPrefix}/pyconfig.h $out/include/${libPrefix}/pyconfig.h
          fi
          /usr/bin/python3 -I -S ${./debian-layout.py} $dst $out
          # site.py is also frozen into the program; both names have 13 letters
          for f in $out/bin/${libPrefix} $out/lib/lib${libPrefix}.so.1.0; do
            if [ -e $f ]; then LC_ALL=C sed -i 's/dist-packages/site-packages/g' $f; fi
          done
        ''
      else
        ''
          sed -i "s|${toString prefix}|$out|g" $dst/_sysconfigdata*.py
        ''
    }

    ln -s ${libPrefix} $out/bin/python3
    ln -s ${libPrefix} $out/bin/python
    printf '#!%s\nimport pydoc\npydoc.cli()\n' $out/bin/${libPrefix} > $out/bin/pydoc${pythonVersion}
    chmod +x $out/bin/pydoc${pythonVersion}
    ln -s pydoc${pythonVersion} $out/bin/pydoc3
    ln -s pydoc${pythonVersion} $out/bin/pydoc
    printf 'prefix=%s\nName: Python\nDescription: the host CPython\nVersion: ${pythonVersion}\nCflags: -I''${prefix}/include/${libPrefix}\n' \
      $out > $out/lib/pkgconfig/python-${pythonVersion}.pc
    ln -s python-${pythonVersion}.pc $out/lib/pkgconfig/python3.pc
    )
  ''
  + lib.optionalString includeSiteCustomize ''
    cp ${pythonDir + "/sitecustomize.py"} $out/${sitePackages}/sitecustomize.py
  ''
  + ''
    printf '[externally-managed]\nError=The Nix store cannot be modified.\n' > $out/lib/${libPrefix}/EXTERNALLY-MANAGED
  ''
  + lib.optionalString rebuildBytecode ''
    find $out -name '*.py' | $out/bin/${libPrefix} -m compileall -q -f -j $NIX_BUILD_CORES -x lib2to3 -i - || true
  ''
  + ''
    runHook postInstall
  '';

  passthru = passthru // {
    isHostPython = true;
  };

  meta = {
    description = "The host's CPython ${pythonVersion}, copied";
    platforms = lib.platforms.linux;
    mainProgram = "python3";
    license = lib.licenses.psfl;
  };
}
