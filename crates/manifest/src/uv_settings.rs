//! `[tool.uv]` of projects and scripts, and `uv.toml` next to a project (docs/decisions/0035, 0045).
//!
//! <https://docs.astral.sh/uv/reference/settings/>
//!
//! Every setting is followed, or does not affect the choice of versions ([`IRRELEVANT`]), or causes a warning. Unknown
//! settings cause a warning as well, because they may be new ones.

mod indexes;
mod sources;

use std::io;
use std::path::Path;

use mach_nix_model::PackageName;

use crate::document::Document;
use crate::toml_item::{Table, parse};
use crate::{ManifestError, ReadContext, Requirements};

/// Settings that are followed.
const FOLLOWED: [&str; 20] = [
    "allow-insecure-host",
    "constraint-dependencies",
    "exclude-newer",
    "exclude-newer-package",
    "extra-index-url",
    "find-links",
    "index",
    "index-strategy",
    "index-url",
    "no-binary",
    "no-binary-package",
    "no-build",
    "no-build-package",
    "no-index",
    "no-sources",
    "no-sources-package",
    "prerelease",
    "resolution",
    "sources",
    // The caller selects the groups.
    "default-groups",
];

/// Settings that affect neither the choice of versions nor their builds: settings of the network, the cache, uv's
/// interpreter, publishing, and other commands of uv.
const IRRELEVANT: [&str; 37] = [
    "add-bounds",
    "audit",
    "build-backend",
    "cache-dir",
    "cache-keys",
    "check-url",
    "compile-bytecode",
    "concurrent-builds",
    "concurrent-downloads",
    "concurrent-installs",
    "http-proxy",
    "https-proxy",
    "keyring-provider",
    "link-mode",
    "managed",
    "native-tls",
    "no-cache",
    "no-proxy",
    "offline",
    "package",
    "pip",
    "preview",
    "preview-features",
    "publish-url",
    "pypy-install-mirror",
    "python-downloads",
    "python-downloads-json-url",
    "python-install-mirror",
    "python-preference",
    "reinstall",
    "reinstall-package",
    "required-version",
    "system-certs",
    "trusted-publishing",
    "upgrade",
    "upgrade-package",
    "workspace",
];

/// Settings that remain effective in the project's table next to a `uv.toml`.
const OF_PROJECT: [&str; 15] = [
    "build-backend",
    "build-constraint-dependencies",
    "conflicts",
    "constraint-dependencies",
    "default-groups",
    "dependency-groups",
    "dev-dependencies",
    "environments",
    "exclude-dependencies",
    "managed",
    "override-dependencies",
    "package",
    "required-environments",
    "sources",
    "workspace",
];

/// Applies `[tool.uv]` of a document to its requirements.
pub fn apply(
    root: &Table<'_>,
    found: &mut Requirements,
    context: &ReadContext<'_>,
) -> Result<(), ManifestError> {
    let uv = match root.table("tool")? {
        Some(tool) => tool.table("uv")?,
        None => None,
    };
    let file = uv_toml(root.document, context)?;
    let values = match &file {
        Some(file) => Some(parse(file, &file.text)?),
        None => None,
    };
    let own = match (&file, &values) {
        (Some(file), Some(values)) => Some(Table::root(file, values)),
        _ => None,
    };
    let Some(settings) = own.or(uv) else {
        return Ok(());
    };
    warn(&settings, found, |_| true)?;
    resolver(&settings, found)?;
    let mut indexes = indexes::read(&settings, found, context)?;
    let Some(uv) = uv else { return Ok(()) };
    if own.is_some() {
        warn(&uv, found, |key| OF_PROJECT.contains(&key))?;
        for (named, address) in indexes::names(&uv)? {
            indexes.entry(named).or_insert(address);
        }
    }
    for item in uv.array("constraint-dependencies")? {
        let constraint = item.requirement()?;
        constraint.check_as_constraint()?;
        found.constraints.push(constraint);
    }
    sources::apply(&uv, &settings, &indexes, found, context)
}

/// `uv.toml` next to a project, which uv reads instead of the settings in `pyproject.toml`.
fn uv_toml(project: &Document, context: &ReadContext<'_>) -> Result<Option<Document>, ManifestError> {
    let path = Path::new(&project.shown);
    if path.file_name().is_none_or(|name| name != "pyproject.toml") {
        return Ok(None);
    }
    let path = path.with_file_name("uv.toml");
    // A project given as a text has no folder.
    let is_absent = |error: io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::Other);
    if (context.read)(&path).is_err_and(is_absent) {
        return Ok(None);
    }
    Document::open(&path, context).map(Some)
}

/// Warns of settings that are not followed.
fn warn(
    settings: &Table<'_>,
    found: &mut Requirements,
    is_read: impl Fn(&str) -> bool,
) -> Result<(), ManifestError> {
    for (key, item) in settings.entries() {
        let usual = match key {
            "resolution" => item.string()? == "highest",
            "index-strategy" => item.string()? == "first-index",
            _ => FOLLOWED.contains(&key) || IRRELEVANT.contains(&key),
        };
        if !is_read(key) && !IRRELEVANT.contains(&key) {
            found.warnings.push(item.warning(&format!(
                "`{key}` of uv is ignored, as uv does, because there is a `uv.toml`"
            )));
        } else if is_read(key) && !usual {
            found.warnings.push(indexes::not_followed(item, key));
        }
    }
    Ok(())
}

/// Reads the settings of the policy (date limits, pre-releases, kinds of files), and the trusted hosts.
fn resolver(settings: &Table<'_>, found: &mut Requirements) -> Result<(), ManifestError> {
    for item in settings.array("allow-insecure-host")? {
        found.options.trusted_hosts.push(item.string()?.to_owned());
    }
    if let Some(item) = settings.get("exclude-newer") {
        found.options.uv.exclude_newer = Some(item.exclude_newer()?);
    }
    for (name, item) in settings
        .table("exclude-newer-package")?
        .iter()
        .flat_map(Table::entries)
    {
        let name: PackageName = name
            .parse()
            .map_err(|_| item.error(format!("`{name}` is not a package name")))?;
        let limit = item.exclude_newer()?;
        found.options.uv.exclude_newer_package.insert(name, limit);
    }
    if let Some(item) = settings.get("prerelease") {
        match item.string()?.parse() {
            Ok(rule) => found.options.uv.prerelease = Some(rule),
            Err(_) => found.warnings.push(format!(
                "{}: write `allow`, `disallow` or `if-necessary-or-explicit`",
                indexes::not_followed(item, "prerelease")
            )),
        }
    }
    let flag = |key| settings.get(key).map_or(Ok(false), |item| item.boolean());
    let formats = &mut found.options.uv.formats;
    if flag("no-binary")? {
        formats.forbid_binary(None);
    }
    if flag("no-build")? {
        formats.forbid_source(None);
    }
    for item in settings.array("no-binary-package")? {
        formats.forbid_binary(Some(item.package_name()?));
    }
    for item in settings.array("no-build-package")? {
        formats.forbid_source(Some(item.package_name()?));
    }
    Ok(())
}
