# A small lock with conda packages, and a wheel that depends on one.
{ lib }:

let
  inherit (import ../lockFile.nix { inherit lib; }) data package;
  conda =
    name: changes:
    let
      file = "${lib.removePrefix "conda:" name}-1.0-0.conda";
    in
    {
      inherit name file;
      version = "1.0";
      provider = "conda/main";
      channel = "https://example.org/main";
      subdir = "linux-64";
      build = "0";
      url = "https://example.org/main/linux-64/${file}";
      hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    }
    // changes;
  packages = [
    (conda "conda:libblas" { })
    (conda "conda:all" {
      dependencies = [
        "conda:libblas"
        "numpy"
      ];
    })
    (conda "numpy" { dependencies = [ "conda:libblas" ]; })
    (conda "torch" {
      condaName = "pytorch";
      file = "pytorch-1.0-0.tar.bz2";
      dependencies = [
        "conda:all"
        "typing-extensions"
      ];
    })
    (package "typing-extensions" "4.0" // { dependencies = [ ]; })
    (package "pandas" "2.0" // { dependencies = [ "numpy" ]; })
  ];
in
{
  inherit conda packages;
  lock = data // {
    file = "/folder/mach-nix.lock";
    request = data.request // {
      requirements = [
        "conda:Libblas"
        "conda:main::pytorch >=1"
        "pandas"
      ];
    };
    inherit packages;
  };
}
