//! Locks of other tools.

mod pipfile;
mod poetry;
mod pylock;
mod uv;

use super::read_one;
use crate::{
    ForeignLock, ManifestError, ReadContext, Selection, parse_poetry_lock, parse_pylock, parse_uv_lock,
};
use poetry::POETRY;
use pylock::PYLOCK;
use uv::UV;

type Reader = fn(&std::path::Path, &Selection, &ReadContext<'_>) -> Result<ForeignLock, ManifestError>;

const ONE: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222222222222222222222222222";

fn read(
    name: &str,
    text: &str,
    reader: Reader,
    extras: &[&str],
    groups: &[&str],
) -> Result<ForeignLock, ManifestError> {
    let selection = Selection {
        extras: extras.iter().map(|name| name.parse().unwrap()).collect(),
        groups: groups.iter().map(|name| name.parse().unwrap()).collect(),
    };
    let text = text.replace("ONE", ONE).replace("TWO", TWO);
    read_one(name, &text, |path, context| reader(path, &selection, context))
}

fn texts(lock: &ForeignLock) -> Vec<String> {
    let entries = lock.entries().into_iter();
    entries
        .map(|entry| entry.location.text.replace(ONE, "ONE").replace(TWO, "TWO"))
        .collect()
}

/// The sources, without the text before their addresses.
fn addresses(lock: &ForeignLock) -> Vec<String> {
    let sources = lock.sources.iter();
    sources
        .map(|source| {
            let editable = if source.editable { " (editable)" } else { "" };
            format!("{}{editable}", source.location.text.replace(ONE, "ONE"))
        })
        .collect()
}

fn index_of(found: &crate::Requirements) -> Vec<String> {
    let one = |(name, urls): &(mach_nix_model::PackageName, Vec<url::Url>)| {
        let urls: Vec<&str> = urls.iter().map(url::Url::as_str).collect();
        format!("{name} {}", urls.join(" "))
    };
    found.options.index_of.iter().map(one).collect()
}

#[test]
fn errors_have_file_and_location() {
    for (name, text, reader, extras, expected) in [
        (
            "pylock.toml",
            "lock-version = \"2.0\"\n",
            parse_pylock as Reader,
            &[][..],
            "pylock.toml, line 1, column 16: unknown lock format `2.0`",
        ),
        (
            "pylock.toml",
            "lock-version = \"1.0\"\n",
            parse_pylock,
            &[],
            "pylock.toml: `packages` is missing",
        ),
        (
            "pylock.toml",
            PYLOCK,
            parse_pylock,
            &["x"],
            "pylock.toml: there is no extra `x`: there are `cli`",
        ),
        (
            "pylock.toml",
            "lock-version = \"1.0\"\n[[packages]]\nversion = \"1\"\n",
            parse_pylock,
            &[],
            "pylock.toml, line 2, column 1: `packages` has no `name`",
        ),
        (
            "pylock.toml",
            "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\nsdist = { url = \"https://x/a\", hashes = { sha512 = \"\" } }\n",
            parse_pylock,
            &[],
            "pylock.toml, line 2, column 1: no file of `a` has a SHA-256, SHA-384 or SHA-512 digest",
        ),
        (
            "uv.lock",
            "version = 2\n",
            parse_uv_lock,
            &[],
            "uv.lock, line 1, column 11: unsupported version of uv.lock",
        ),
        (
            "uv.lock",
            UV,
            parse_uv_lock,
            &["x"],
            "uv.lock: there is no extra `x`: there are `cli`",
        ),
        (
            "uv.lock",
            "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nresolution-markers = [\"os_name\"]\n",
            parse_uv_lock,
            &[],
            "uv.lock, line 5, column 31: ",
        ),
        (
            "poetry.lock",
            "[metadata]\nlock-version = \"9\"\n",
            parse_poetry_lock,
            &[],
            "poetry.lock, line 2, column 16: unknown lock format `9`",
        ),
        (
            "poetry.lock",
            POETRY,
            parse_poetry_lock,
            &["x"],
            "poetry.lock: there is no extra `x`: there are `cli`",
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"a\"\nversion = \"1\"\n[metadata]\nlock-version = \"1.1\"\nhashes = {}\n",
            parse_poetry_lock,
            &[],
            "poetry.lock, line 4, column 1: the hashes have no file names",
        ),
    ] {
        let shown = read(name, text, reader, extras, &[]).unwrap_err().to_string();
        assert!(shown.starts_with(expected), "{shown}");
    }
}

#[test]
fn hashes_of_a_lock_are_for_its_packages_only() {
    let text = "version = 1\n\
        [[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\n\
        wheels = [{ url = \"https://x/a-1-py3-none-any.whl\", hash = \"sha256:ONE\" }]\n\
        [[package]]\nname = \"b\"\nsource = { directory = \"b\" }\n";
    let mut found = read("uv.lock", text, parse_uv_lock, &[], &[])
        .unwrap()
        .into_requirements();
    let name = |name: &str| name.parse::<mach_nix_model::PackageName>().unwrap();
    let limited = |found: &crate::Requirements| {
        let mut found = found.clone();
        for source in std::mem::take(&mut found.sources) {
            let name = source.name.clone().unwrap();
            found.requirements.push(source.named(name));
        }
        let allowed = found.allowed_hashes();
        ["a", "b", "c"].map(|package| allowed.is_limited(&name(package)))
    };
    assert_eq!(limited(&found), [true, false, false]);
    let hashed = format!("c==1 --hash=sha256:{TWO}");
    found.append(read_one("r.txt", &hashed, crate::parse_requirements).unwrap());
    found.check().unwrap();
    assert_eq!(
        limited(&found),
        [true, false, true],
        "a folder of a lock needs no hash"
    );
    found.append(read_one("r.txt", "git+https://h/r@abc#egg=d", crate::parse_requirements).unwrap());
    let refusal = found.check().unwrap_err().to_string();
    assert!(
        refusal.contains("hashes are checked, and this has none"),
        "{refusal}"
    );
}
