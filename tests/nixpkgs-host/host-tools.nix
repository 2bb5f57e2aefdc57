# Packages made out of what the host distribution already has installed.
#
# Every derivation here takes programs and shared libraries from the host's
# /usr at build time.  By default ("bundle" mode) ELF files are *copied* into
# the store together with the non-glibc shared libraries they need, and get
# the store copy of the dynamic loader and a RUNPATH into the store, so that
# the closure of the result works without the host's /usr (for example inside
# a container image).  With `link = true` only symlinks to the host are made.
#
# Needs a Nix without build sandbox: the builders read /usr and /var/lib/dpkg.
{
  lib,
  stdenv,
  nixpkgs,
  multiarch ? "x86_64-linux-gnu",
  loader ? "ld-linux-x86-64.so.2",
  stamp ? "",
  strictLoader ? true,
  packageIndex ? "",
}:

let
  hostPath = "/usr/bin:/usr/sbin:/bin:/sbin";
  libPath = "/usr/lib/${multiarch} /lib/${multiarch} /usr/lib /lib";

  # Shell functions shared by all builders below.
  bundleFunctions = glibc: ''
    export PATH=${hostPath}
    hostIsElf() { [ "$(LC_ALL=C head -c 4 "$1" | tr -d '\0')" = $'\x7fELF' ]; }

    # The libraries which belong to glibc stay in the glibc package.
    hostIsGlibc() {
      case "$1" in
        linux-vdso.*|ld-linux*|libc.so.*|libm.so.*|libmvec.so.*|libpthread.so.*|libdl.so.*) return 0;;
        librt.so.*|libresolv.so.*|libutil.so.*|libanl.so.*|libnss_*|libBrokenLocale*|libthread_db*) return 0;;
      esac
      return 1
    }

    # hostFix FILE LIBDIR: make a copied ELF file independent of /usr/lib.
    hostFix() {
      local file=$1 libdir=$2
      chmod u+w "$file"
      if patchelf --print-interpreter "$file" >/dev/null 2>&1; then
        patchelf --set-interpreter ${glibc}/lib/${loader} "$file"
      fi
      patchelf --set-rpath "$libdir:${glibc}/lib" "$file"
    }

    # hostBundle FILE LIBDIR: FILE is a host ELF file; copy the libraries it needs.
    hostBundle() {
      local file=$1 libdir=$2 soname arrow path rest
      while read -r soname arrow path rest; do
        [ "$arrow" = "=>" ] || continue
        if hostIsGlibc "$soname"; then continue; fi
        case "$path" in
          /*) ;;
          *) echo "host library $soname of $file is missing" >&2; return 1;;
        esac
        if [ ! -e "$libdir/$soname" ]; then
          mkdir -p "$libdir"
          cp -L "$path" "$libdir/$soname"
          hostFix "$libdir/$soname" "$libdir"
        fi
      done < <(LC_ALL=C ldd "$file" 2>/dev/null || true)
    }

    # hostInstall SOURCE DESTINATION LIBDIR
    hostInstall() {
      local source=$1 dest=$2 libdir=$3 target
      mkdir -p "$(dirname "$dest")"
      target=$(readlink -f "$source")
      if hostIsElf "$target"; then
        hostBundle "$target" "$libdir"
        cp -L "$target" "$dest"
        hostFix "$dest" "$libdir"
      else
        cp -L "$target" "$dest"
        chmod u+w "$dest"
      fi
    }

    # hostFind NAME: the full name of a host program.
    hostFind() {
      local dir
      case "$1" in /*) echo "$1"; return 0;; esac
      for dir in ''${PATH//:/ }; do
        if [ -x "$dir/$1" ]; then echo "$dir/$1"; return 0; fi
      done
      echo "host program $1 is not installed" >&2
      return 1
    }
  '';

  # The attributes that users of multiple-output packages expect.
  # Options of the real packages do not exist here, so overriding does nothing.
  singleOutput = final: {
    dev = final;
    lib = final;
    bin = final;
    man = final;
    doc = final;
    static = final;
    override = _: final;
  };

  glibc = stdenv.mkDerivation (finalAttrs: {
    pname = "glibc";
    version = "2.36";
    inherit stamp;
    buildCommand = ''
      export PATH=${hostPath}
      mkdir -p $out/lib $out/bin
      src=/lib/${multiarch}
      for f in $src/{libc,libm,libmvec,libpthread,libdl,librt,libresolv,libutil,libanl,libBrokenLocale,libthread_db,libnss_dns,libnss_files,libnss_compat,libnss_hesiod}.so.*; do
        if [ -e "$f" ]; then cp -L "$f" $out/lib/; fi
      done
      cp -L /lib64/${loader} $out/lib/${loader}
      # where glibc finds it for pthread_exit, as in nixpkgs
      cp -L $src/libgcc_s.so.1 $out/lib/
      ${lib.optionalString strictLoader ''
        # as on NixOS, programs find nothing in the host's library directories
        chmod u+w $out/lib/${loader}
        /usr/bin/python3 -I -S ${./loader-dirs.py} $out/lib/${loader} $out/lib
      ''}
      dev=/usr/lib/${multiarch}
      for f in $dev/*crt1.o $dev/crti.o $dev/crtn.o $dev/libc_nonshared.a $dev/libmvec.a $dev/lib{pthread,dl,rt,util,anl,resolv}.a; do
        if [ -e "$f" ]; then cp -L "$f" $out/lib/; fi
      done
      for n in resolv anl thread_db BrokenLocale mvec; do
        for f in $out/lib/lib$n.so.*; do
          if [ -e "$f" ]; then ln -s "$(basename "$f")" $out/lib/lib$n.so; fi
        done
      done
      printf 'OUTPUT_FORMAT(elf64-x86-64)\nGROUP ( %s %s AS_NEEDED ( %s ) )\n' \
        $out/lib/libc.so.6 $out/lib/libc_nonshared.a $out/lib/${loader} > $out/lib/libc.so
      printf 'OUTPUT_FORMAT(elf64-x86-64)\nGROUP ( %s AS_NEEDED ( %s ) )\n' \
        $out/lib/libm.so.6 $out/lib/libmvec.so.1 > $out/lib/libm.so
      for b in ldd getconf getent iconv locale localedef; do
        if [ -e /usr/bin/$b ]; then ln -s /usr/bin/$b $out/bin/$b; fi
      done
      ln -s /usr/sbin/ldconfig $out/bin/ldconfig
      ln -s /usr/include $out/include
      chmod -R u+w $out/lib
    '';
    passthru = singleOutput finalAttrs.finalPackage;
    meta.platforms = lib.platforms.linux;
  });

  # hostPackage { pname, ... }: see the arguments.
  hostPackage =
    {
      pname,
      version ? "host",
      debs ? [ ], # take every program of these Debian packages
      bins ? [ ], # programs, by name or full path; "a=b" installs b as a
      libs ? [ ], # globs below the host's library directory
      includes ? [ ], # globs below /usr/include
      link ? false, # symlink to the host instead of copying
      setupHook ? null,
      extra ? "", # shell code run at the end
      passthru ? { },
      meta ? { },
    }:
    stdenv.mkDerivation (finalAttrs: {
      inherit pname version stamp;
      buildCommand = bundleFunctions glibc + ''
        shopt -s nullglob
        libdir=$out/lib
        ${lib.optionalString (libs == [ ]) "libdir=$out/libexec/host-libs"}
        one() { # one NAME SOURCE
          mkdir -p $out/bin
          if [ -e "$out/bin/$1" ] || [ -L "$out/bin/$1" ]; then return 0; fi
          ${if link then ''ln -s "$2" "$out/bin/$1"'' else ''hostInstall "$2" "$out/bin/$1" "$libdir"''}
        }
        for deb in ${lib.escapeShellArgs debs}; do
          if ! dpkg -s "$deb" >/dev/null 2>&1; then echo "host package $deb is not installed" >&2; exit 1; fi
          while read -r file; do
            case "$file" in
              /bin/*|/usr/bin/*|/sbin/*|/usr/sbin/*)
                if [ -f "$file" ] && [ -x "$file" ]; then one "$(basename "$file")" "$file"; fi;;
            esac
          done < <(dpkg -L "$deb")
        done
        for bin in ${lib.escapeShellArgs bins}; do
          case "$bin" in
            *=*) one "''${bin%%=*}" "$(hostFind "''${bin#*=}")";;
            *) one "$(basename "$bin")" "$(hostFind "$bin")";;
          esac
        done
        for pattern in ${lib.escapeShellArgs libs}; do
          found=
          for dir in ${libPath}; do
            for file in $dir/$pattern; do
              found=1
              base=$(basename "$file")
              if [ -e "$out/lib/$base" ] || [ -L "$out/lib/$base" ]; then continue; fi
              mkdir -p $out/lib
              if [ -L "$file" ]; then
                target=$(readlink -f "$file")
                if [ ! -e "$out/lib/$(basename "$target")" ]; then
                  hostInstall "$target" "$out/lib/$(basename "$target")" "$libdir"
                fi
                [ "$base" = "$(basename "$target")" ] || ln -s "$(basename "$target")" "$out/lib/$base"
              else
                hostInstall "$file" "$out/lib/$base" "$libdir"
              fi
            done
          done
          if [ -z "$found" ]; then echo "no host library matches $pattern" >&2; exit 1; fi
        done
        for pattern in ${lib.escapeShellArgs includes}; do
          for file in /usr/include/$pattern /usr/include/${multiarch}/$pattern; do
            if [ -e "$file" ]; then
              mkdir -p $out/include
              cp -rL "$file" $out/include/
            fi
          done
        done
        ${lib.optionalString (setupHook != null) ''
          mkdir -p $out/nix-support
          cp ${setupHook} $out/nix-support/setup-hook
        ''}
        ${extra}
        mkdir -p $out
        chmod -R u+w $out
      '';
      passthru = singleOutput finalAttrs.finalPackage // passthru;
      meta = {
        platforms = lib.platforms.linux;
      }
      // lib.optionalAttrs (bins != [ ]) { mainProgram = lib.head (lib.splitString "=" (lib.head bins)); }
      // meta;
    });

  byName = nixpkgs + "/pkgs/by-name";

  tool = pname: attrs: hostPackage ({ inherit pname; } // attrs);
  linked =
    pname: bins:
    hostPackage {
      inherit pname bins;
      link = true;
    };
in
rec {
  inherit hostPackage bundleFunctions glibc;

  ## The programs of stdenv's initial path.
  bash = tool "bash" {
    version = "5.2";
    bins = [
      "bash"
      "sh=bash"
    ];
    passthru.shellPath = "/bin/bash";
  };
  coreutils = tool "coreutils" {
    version = "9.1";
    debs = [ "coreutils" ];
  };
  findutils = tool "findutils" { debs = [ "findutils" ]; };
  diffutils = tool "diffutils" { debs = [ "diffutils" ]; };
  gnused = tool "gnused" { bins = [ "sed" ]; };
  gnugrep = tool "gnugrep" { debs = [ "grep" ]; };
  gawk = tool "gawk" {
    bins = [
      "gawk"
      "awk=gawk"
    ];
  };
  gnutar = tool "gnutar" { bins = [ "tar" ]; };
  gzip = tool "gzip" { debs = [ "gzip" ]; };
  bzip2 = tool "bzip2" {
    version = "1.0.8";
    debs = [ "bzip2" ];
    libs = [ "libbz2.so*" ];
    includes = [ "bzlib.h" ];
  };
  xz = tool "xz" {
    version = "5.4.1";
    debs = [ "xz-utils" ];
    libs = [ "liblzma.so*" ];
    includes = [
      "lzma.h"
      "lzma"
    ];
  };
  gnumake = tool "gnumake" { bins = [ "make" ]; };
  gnupatch = tool "gnupatch" { bins = [ "patch" ]; };
  patchelf = tool "patchelf" {
    version = "0.14.3";
    bins = [ "patchelf" ];
    setupHook = byName + "/pa/patchelf/setup-hook.sh";
  };

  ## Other programs which the Python and container machinery uses.
  unzip = tool "unzip" {
    version = "6.0";
    bins = [
      "unzip"
      "zipinfo"
    ];
    setupHook = byName + "/un/unzip/setup-hook.sh";
  };
  jq = tool "jq" {
    version = "1.6";
    bins = [ "jq" ];
  };
  rsync = tool "rsync" { bins = [ "rsync" ]; };
  pigz = tool "pigz" {
    bins = [
      "pigz"
      "unpigz"
    ];
  };
  zstd = tool "zstd" {
    bins = [ "zstd" ];
    libs = [ "libzstd.so*" ];
  };
  which = tool "which" { bins = [ "which" ]; };
  lndir = tool "lndir" { bins = [ "lndir" ]; };
  jshon = tool "jshon" { bins = [ "jshon" ]; };
  file = linked "file" [ "file" ];
  perl = linked "perl" [ "perl" ];
  git = linked "git" [ "git" ];
  fakeroot = tool "fakeroot" {
    bins = [ "fakeroot" ];
    extra = "sed -i 's|`getopt|`/usr/bin/getopt|g' $out/bin/fakeroot";
  };
  proot = linked "proot" [ "proot" ];
  moreutils = linked "moreutils" [ "sponge" ];
  go = (linked "go" [ "go" ]) // {
    GOOS = "linux";
    GOARCH = "amd64";
  };
  pkg-config = linked "pkg-config" [ "pkg-config" ];
  nix = hostPackage {
    pname = "nix";
    version = "2.8.0";
    link = true;
    bins = [
      "nix"
      "nix-store"
      "nix-build"
      "nix-instantiate"
      "nix-shell"
      "nix-env"
      "nix-hash"
    ];
  };
  util-linux = tool "util-linux" {
    bins = [
      "getopt"
      "flock"
      "unshare"
      "mount"
      "umount"
    ];
    libs = [ "libuuid.so*" ];
    includes = [ "uuid" ];
  };
  shellcheck = (linked "shellcheck" [ "shellcheck" ]) // {
    compiler = { };
  };
  procps = linked "procps" [
    "ps"
    "pgrep"
    "top"
    "free"
  ];
  hostname = linked "hostname" [ "hostname" ];

  ## curl, with one twist: only content-addressed file names may be
  ## reachable, so the "packages/source/x/name/file" form is looked up in the index.
  curl = hostPackage {
    pname = "curl";
    version = "7.88.1";
    extra = ''
      mkdir -p $out/bin
      { echo '#!/bin/bash'; echo 'PACKAGE_INDEX=${packageIndex}'; tail -n +2 ${./curl.sh}; } > $out/bin/curl
      chmod +x $out/bin/curl
    '';
    meta.mainProgram = "curl";
  };

  cacert = hostPackage {
    pname = "nss-cacert-host";
    extra = ''
      mkdir -p $out/etc/ssl/certs
      cp -L /etc/ssl/certs/ca-certificates.crt $out/etc/ssl/certs/ca-bundle.crt
    '';
  };
  tzdata = hostPackage {
    pname = "tzdata";
    extra = ''
      mkdir -p $out/share
      cp -r /usr/share/zoneinfo $out/share/zoneinfo
    '';
  };
  mailcap = hostPackage {
    pname = "mailcap";
    extra = "mkdir -p $out/etc; cp -L /etc/mime.types $out/etc/ || touch $out/etc/mime.types";
  };

  ## Libraries.
  zlib = tool "zlib" {
    version = "1.2.13";
    libs = [ "libz.so*" ];
    includes = [
      "zlib.h"
      "zconf.h"
    ];
  };
  libffi = tool "libffi" {
    libs = [ "libffi.so*" ];
    includes = [
      "ffi.h"
      "ffitarget.h"
    ];
  };
  expat = tool "expat" {
    libs = [ "libexpat.so*" ];
    includes = [ "expat*.h" ];
  };
  openssl = tool "openssl" {
    version = "3.0";
    bins = [ "openssl" ];
    libs = [
      "libssl.so*"
      "libcrypto.so*"
    ];
    includes = [ "openssl" ];
  };
  brotli = tool "brotli" {
    libs = [ "libbrotli*.so*" ];
    includes = [ "brotli" ];
  };
  sqlite = tool "sqlite" {
    libs = [ "libsqlite3.so*" ];
    includes = [ "sqlite3*.h" ];
  };
  ncurses = tool "ncurses" {
    libs = [
      "libncursesw.so*"
      "libtinfo.so*"
    ];
  };
  readline = tool "readline" { libs = [ "libreadline.so*" ]; };
  libxcrypt = tool "libxcrypt" {
    libs = [ "libcrypt.so*" ];
    includes = [ "crypt.h" ];
  };

  ## The compiler, unwrapped.  The real cc-wrapper is put around it.
  gcc-unwrapped = hostPackage {
    pname = "gcc";
    version = "12.2.0";
    libs = [
      "libstdc++.so.6*"
      "libgcc_s.so.1"
      "libgomp.so.1*"
      "libatomic.so.1*"
      "libquadmath.so.0*"
    ];
    extra = ''
      mkdir -p $out/bin
      for p in gcc g++ cpp; do
        printf '#!/bin/bash\nexec /usr/bin/%s "$@"\n' $p > $out/bin/$p
        chmod +x $out/bin/$p
      done
      # so that the linker takes the copies and ld-wrapper adds them to RUNPATHs
      ln -s libstdc++.so.6 $out/lib/libstdc++.so
      ln -s libatomic.so.1 $out/lib/libatomic.so
    '';
    passthru = {
      isGNU = true;
      langC = true;
      langCC = true;
    };
  };
  binutils-unwrapped = hostPackage {
    pname = "binutils";
    version = "2.40";
    link = true;
    bins = [
      "ld"
      "ld.bfd"
      "as"
      "ar"
      "nm"
      "ranlib"
      "strip"
      "objcopy"
      "objdump"
      "readelf"
      "size"
      "strings"
      "addr2line"
      "c++filt"
    ];
    passthru = {
      isGNU = true;
    };
  };
}
