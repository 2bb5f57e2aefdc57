# The files of mach-nix's Nix library by name: each a function of the `import` and the `builtins` it sees, or a text.
library:
let
  files = builtins.mapAttrs (_: file: if builtins.isString file then file else file linked) library;

  # The files of the library name each other by strings.
  known = file: builtins.isString file && files ? ${file};
  linked = {
    import = file: if known file then files.${file} else import file;
    builtins = builtins // {
      readFile = file: if known file then files.${file} else builtins.readFile file;
    };
  };
in
files
