# A lock that is resolved over the live index, with a given hash, like `vendorHash`.
{
  lib,
  pkgs,
  fail,
  lockDerivation,
  nixpkgsInventory,
  query,
  readLock,
}:

let
  # In hexadecimal, nix-base32, or base64.
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
    "${lockDerivation {
      query =
        query arguments
        // lib.optionalAttrs (indexUrl != null) { indexUrls = [ indexUrl ]; }
        # There is one output with one hash, so that nixpkgs is queried only for the packages that
        # the user names.
        // lib.optionalAttrs (named != [ ]) {
          nixpkgsInventory = nixpkgsInventory arguments.python named;
        };
      attributes = {
        name = "mach-nix.lock";
        outputHashMode = "flat";
        outputHashAlgo = "sha256";
        # With an invalid hash, Nix prints the right one.
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
        cat report >&2
        if [ "$status" != 0 ]; then exit 1; fi
        if ! [ -e lock ]; then
          echo "error: with \`lockHash\`, nixpkgs is queried only for packages that \`providers\` names, and more are needed: $(cat answer); name them there, as in \`providers.requests = \"wheel,sdist,nixpkgs\";\`, or make a lock file with \`mach-nix lock\`" >&2
          exit 1
        fi
        cp lock $out
      '';
    }}"
