# A lock that is resolved over the live index, with its hash known beforehand, as `vendorHash` is.
{
  lib,
  pkgs,
  fail,
  lockDerivation,
  nixpkgsInventory,
  readLock,
}:

let
  # As hexadecimal, in Nix's own base 32, or in base 64.
  isHash =
    text: builtins.match "(sha256[-:])?([0-9a-f]{64}|[0-9a-z]{52}|[A-Za-z0-9+/]{43}=)" text != null;
in
{
  lockHash,
  indexUrl,
  named,
  ...
}@arguments:
if arguments.excludeNewer == null then
  fail "`lockHash` needs the date of the index that it is the hash for; add `excludeNewer = \"2026-11-01\";` with a day that is over"
else if lockHash != "" && !isHash lockHash then
  fail "`lockHash` must be a SHA-256 such as `\"sha256-…\"`, but is `\"${lockHash}\"`; write `lockHash = \"\";`, and Nix says the right one"
else
  readLock { }
    "${lockDerivation (
      builtins.removeAttrs arguments [
        "lockHash"
        "indexUrl"
        "named"
      ]
      // {
        options =
          lib.optionals (indexUrl != null) [
            "--index-url"
            indexUrl
          ]
          # There can be one answer only, so nixpkgs is not asked about what nobody named.
          ++ lib.optionals (named != [ ]) [
            "--nixpkgs-inventory"
            "${builtins.toFile "nixpkgs-inventory.json" (nixpkgsInventory arguments.python named)}"
            "--nixpkgs-questions"
            "questions"
          ];
        attributes = {
          name = "mach-nix.lock";
          outputHashMode = "flat";
          outputHashAlgo = "sha256";
          # A hash that is none makes Nix say the right one.
          outputHash =
            if lockHash == "" then "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" else lockHash;
          SSL_CERT_FILE = "${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt";
          impureEnvVars = [
            "http_proxy"
            "https_proxy"
            "all_proxy"
            "no_proxy"
          ];
        };
        finish = ''
          if [ "$status" = 4 ]; then
            echo "error: with \`lockHash\`, nixpkgs is asked about packages that \`providers\` names only, and it has to be asked about $(cat questions); name them there, as in \`providers.requests = \"wheel,sdist,nixpkgs\";\`, or make a lock file with \`mach-nix lock\`" >report
          fi
          cat report >&2
          if [ "$status" != 0 ]; then exit 1; fi
          # As the lock has it: an instant, so that texts compare as instants do.
          limit=$(sed -n 's/^ *"excludeNewer": "\(.*\)",$/\1/p' lock)
          if [[ "$limit" > "$(date -u +%Y-%m-%dT%H:%M:%SZ)" ]]; then
            echo "error: \`excludeNewer\` is $limit, which is still to come, and what is uploaded until then would change the hash; write a day that is over" >&2
            exit 1
          fi
          cp lock $out
        '';
      }
    )}"
