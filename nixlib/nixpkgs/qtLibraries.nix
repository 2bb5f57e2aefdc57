# Libraries that wheels of Qt link to and that the rules for wheels (PEP 600) do not count among what a system has.
{ lib, pkgs }:

import ./librariesOf.nix { inherit lib pkgs; } [
  "dbus"
  "fontconfig"
  "freetype"
  "krb5"
  "libGL"
  "libdrm"
  "libxkbcommon"
  "wayland"
  "xorg.libxcb"
  "xorg.xcbutilcursor"
  "xorg.xcbutilimage"
  "xorg.xcbutilkeysyms"
  "xorg.xcbutilrenderutil"
  "xorg.xcbutilwm"
  "zstd"
]
