//! URLs and paths in requirements files.

use std::path::{Path, PathBuf};

use mach_nix_hash::Digest;
use mach_nix_model::file_url;
use url::Url;

use crate::document::normalized;
use crate::file_line::FileLine;
use crate::{ManifestError, ReadContext, unreachable};

/// The form of the package on a line.
pub enum Form {
    Specifier,
    Url,
    Path,
}

/// The form of a line. pip checks whether a folder exists; here the text decides: a line is a path if its name contains
/// `/`, starts with `.`, or ends like an archive.
pub fn form(text: &str) -> Form {
    let end_of_scheme = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
    let scheme = end_of_scheme.map_or("", |end| {
        if text[end..].starts_with(':') {
            &text[..end]
        } else {
            ""
        }
    });
    let lower = scheme.to_ascii_lowercase();
    let after = &text[scheme.len()..];
    if lower == "file" && !after.starts_with(":/") {
        return Form::Path;
    }
    let is_scp = text.starts_with("git@") || text.starts_with("git+git@");
    if after.starts_with("://") || lower == "file" || lower.contains('+') || is_scp {
        return Form::Url;
    }
    let name_end = text
        .find(|c: char| {
            matches!(c, '<' | '>' | '=' | '!' | '~' | ';' | '[' | '(' | '@' | '/') || c.is_whitespace()
        })
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    let rest = rest.trim_start();
    if text.starts_with('.') || text.starts_with("~/") || rest.starts_with('/') {
        return Form::Path;
    }
    // `name @ URL` and `name[extra] @ URL` may end like an archive, too.
    let after_extras = match rest.strip_prefix('[').and_then(|extras| extras.split_once(']')) {
        Some((_, after)) => after.trim_start(),
        None => rest,
    };
    let is_alone = after_extras.is_empty() || after_extras.starts_with(';');
    if is_alone && (name.to_ascii_lowercase().ends_with(".whl") || is_archive(name)) {
        return Form::Path;
    }
    // The names of wheels contain `!` and `+` if the version has an epoch or a local part.
    let (whole, _) = split_marker(text, false);
    if whole.ends_with(".whl") && !whole.contains([' ', '@', '<', '>', '=', '~']) {
        return Form::Path;
    }
    Form::Specifier
}

pub fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        ".zip",
        ".tar.gz",
        ".tgz",
        ".tar.bz2",
        ".tbz",
        ".tar.xz",
        ".txz",
        ".tar.lz",
        ".tar.lzma",
        ".tlz",
        ".tar",
    ]
    .iter()
    .any(|ending| name.ends_with(ending))
}

/// The address, and the offset of its marker. A URL may contain `;`, so that its marker is preceded by white space.
pub fn split_marker(text: &str, is_url: bool) -> (&str, Option<usize>) {
    let at = text.match_indices(';').map(|(at, _)| at).find(|at| {
        let spaced =
            text[..*at].ends_with(char::is_whitespace) || text[at + 1..].starts_with(char::is_whitespace);
        spaced || !is_url
    });
    (text[..at.unwrap_or(text.len())].trim_end(), at.map(|at| at + 1))
}

/// Parses a URL.
pub fn url(location: FileLine<'_>, text: &str) -> Result<Url, ManifestError> {
    if text.contains(char::is_whitespace) {
        return Err(location.error(
            0,
            "a URL has no spaces: write `%20`, or delete what follows the URL",
        ));
    }
    if let Some(reason) = unreachable::address(text) {
        return Err(location.error(0, reason));
    }
    Url::parse(text).map_err(|error| location.error(0, format!("this is not a URL: {error}")))
}

/// Resolves a path, relative to the file that contains it or to the current folder.
pub fn local(location: FileLine<'_>, text: &str, context: &ReadContext<'_>) -> Result<Url, ManifestError> {
    if text.starts_with('~') {
        return Err(location.error(
            0,
            "`~` is not expanded in requirements: write the path out, or use `${HOME}`",
        ));
    }
    // A path may contain `#`; only text in the form of a fragment is one.
    let (text, fragment) = match text.rsplit_once('#') {
        Some((path, fragment)) if is_fragment(fragment) => (path, Some(fragment)),
        _ => (text, None),
    };
    let folder = context.folder;
    let folder_of_file = location.path.and_then(|file| Path::new(file).parent());
    let seen_from = |from: &Path| normalized(&folder.join(from).join(text));
    let candidates: Vec<PathBuf> = folder_of_file
        .into_iter()
        .chain([folder])
        .map(seen_from)
        .collect();
    let Some(path) = candidates.iter().find(|path| (context.exists)(path)) else {
        let mut looked: Vec<String> = candidates
            .iter()
            .map(|path| format!("`{}`", path.display()))
            .collect();
        looked.dedup();
        return Err(location.error(
            0,
            format!("there is no {}: correct the path", looked.join(" and no ")),
        ));
    };
    let mut url = file_url(path).ok_or_else(|| {
        location.error(
            0,
            format!(
                "`{}` is not an absolute path: give the path from `/` on",
                path.display()
            ),
        )
    })?;
    url.set_fragment(fragment);
    Ok(url)
}

fn is_fragment(text: &str) -> bool {
    let keys = ["egg", "subdirectory"].into_iter().chain(Digest::ALGORITHMS);
    keys.into_iter()
        .any(|key| text.strip_prefix(key).is_some_and(|rest| rest.starts_with('=')))
}

/// Sets the folder of the project in an archive or repository.
pub fn set_subdirectory(url: &mut Url, subdirectory: Option<&str>) {
    if let Some(folder) = subdirectory.filter(|folder| !matches!(*folder, "" | ".")) {
        url.set_fragment(Some(&format!("subdirectory={folder}")));
    }
}
