{ pkgs, scope, ... }:

let
  inherit (scope { inherit pkgs; }) editable;
  python = pkgs.python3;
  project = editable python {
    name = "my-app";
    version = "1.0";
    root = "/work/my-app";
    paths = [ "/work/my-app/src" ];
    metadata = "Name: my-app\n";
    entryPoints.console_scripts."my-app" = "my_app.cli:app.main [extra]";
  };
  files = builtins.fromJSON (builtins.unsafeDiscardStringContext project.files);
  site = python.sitePackages;
in
{
  "the folder is on the path of modules" = {
    expr = files."${site}/__editable__.my_app.pth";
    expected = "/work/my-app/src\n";
  };
  "metadata says that it is editable" = {
    expr = builtins.fromJSON files."${site}/my_app-1.0.dist-info/direct_url.json";
    expected = {
      dir_info.editable = true;
      url = "file:///work/my-app";
    };
  };
  "a program imports and calls its function" = {
    expr = builtins.tail (builtins.filter builtins.isString (builtins.split "\n" files."bin/my-app"));
    expected = [
      "import sys"
      "from my_app.cli import app"
      "if __name__ == \"__main__\":"
      "    sys.exit(app.main())"
      ""
    ];
  };
  "it is a package of the interpreter" = {
    expr = project.pythonModule == python;
    expected = true;
  };
}
