# Libraries that wheels of Qt link to and that the rules for wheels (PEP 600) do not count among what a system has, as far
# as the package set has them.
{ lib, pkgs }:

map (path: lib.getLib (lib.getAttrFromPath path pkgs)) (
  lib.filter (path: lib.hasAttrByPath path pkgs) (
    map (lib.splitString ".") [
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
  )
)
