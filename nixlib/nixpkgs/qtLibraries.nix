# Libraries that Qt wheels link to and that the policy for wheels (PEP 600) does not include.
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
