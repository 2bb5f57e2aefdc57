/* mach-nix: Python requirements to a lock, over a snapshot of a package index.
 *
 * Texts are UTF-8 and end with a NUL. No function aborts the process, throws or prints; all may be called
 * from any thread.
 */
#ifndef MACH_NIX_H
#define MACH_NIX_H

#ifdef __cplusplus
extern "C" {
#endif

/* Resolves a request.
 *
 * The request is a query as docs/protocol.md of mach-nix describes it, and the command `mach-nix lock --query` takes it, too. It is a
 * JSON object; `null` means the same as an absent field, and "list" means one text or a list of them:
 *   requirements  text of a requirements file, or of the manifest that `name` says; or instead
 *   pyproject     text of a pyproject.toml
 *   extras        list: the extras of the project
 *   groups        list: the dependency groups of the project
 *   name          file name of that text: for messages, and it tells poetry.lock from requirements.txt
 *   constraints   text of a constraints file
 *   python        list: Python versions, such as "3.12"; must be there
 *   system        list: Nix systems, such as "x86_64-linux"; must be there
 *   pypiData      path of the snapshot; must be there
 *   providers     object: lists of providers by package, and "_default"
 *   indexUrls     list: index addresses; those that the snapshot was made from
 *   condaChannels
 *                 list: conda channels, `NAME=URL` or the name of a public one
 *   condaVirtual  list: virtual packages of the targets, such as `__cuda=12.4`
 *   excludeNewer  date: files uploaded later are ignored
 *   nixpkgsInventory
 *                 object: what nixpkgs has, {"python312": {"flask": {"attribute": "flask", "version": "3.0.3",
 *                 "requires": ["click"], "extras": {}}, "not-there": null}}
 *   prerelease    "allow", "disallow" or "if-necessary-or-explicit"
 *
 * The answer is a JSON object: {"lock": {...}, "warnings": ["..."]}, where `lock` is what mach-nix.lock would hold, or
 * {"error": {"class": "impossible" | "usage" | "external" | "defect", "message": "..."}}: the requirements cannot be met,
 * the request is malformed or names a snapshot that does not exist, the disk failed, or mach-nix has a bug. If
 * `nixpkgsInventory` is given and lacks packages, it is {"nixpkgs": ["numpy"]}: call again with these in it, too.
 *
 * It is to be given back with mach_nix_free. It is NULL only when there is no memory for it.
 */
char *mach_nix_resolve(const char *request_json);

/* Gives an answer of mach_nix_resolve back; NULL is allowed. */
void mach_nix_free(char *answer);

/* The version of mach-nix. */
const char *mach_nix_version(void);

/* For plugins of Nix evaluators: a Nix expression, an attribute set of two functions. `request` checks the argument of
 * the builtin and gives the request as JSON; `answer` gives the lock in an answer as a value, or throws its error. */
const char *mach_nix_glue(void);

#ifdef __cplusplus
}
#endif

#endif
