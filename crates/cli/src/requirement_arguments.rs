//! `REQ`: requirements in the arguments of the command line.
//!
//! Anyone can publish a package called `requirements.txt`. So the names of existing files, of project folders and of
//! usual input files are never looked up in an index.

use std::path::Path;

use mach_nix_manifest::{ManifestKind, ReadContext, Requirements};

use crate::failure::Failure;

/// File extensions of inputs that no common package name has. Not `.py`: there is `web.py`.
const FILE_ENDINGS: [&str; 4] = [".txt", ".toml", ".yml", ".yaml"];

/// Files that make a folder an installable project.
const PROJECT_FILES: [&str; 3] = ["pyproject.toml", "setup.py", "setup.cfg"];

/// Input files that the error about a folder suggests.
const INPUT_FILES: [&str; 2] = ["requirements.txt", "environment.yml"];

/// Adds the requirements of the command line.
pub fn add(found: &mut Requirements, arguments: &[String], context: &ReadContext<'_>) -> Result<(), Failure> {
    for text in arguments {
        refuse_files(text.trim(), context.folder)?;
        found.add_argument(text, context).map_err(Failure::usage)?;
    }
    Ok(())
}

/// Rejects the name of a file or folder; the message contains its option.
fn refuse_files(text: &str, folder: &Path) -> Result<(), Failure> {
    let name = text.split(['[', ';']).next().unwrap_or(text).trim_end();
    let whole = folder.join(text);
    let (path, named) = if whole.exists() {
        (whole, text)
    } else {
        (folder.join(name), name)
    };
    if name.is_empty() || is_distribution(named) {
        return Ok(());
    }
    // Its remedy is another file.
    if path.is_file() && path.ends_with("Pipfile") {
        return Err(Failure::usage(format!(
            "`{named}` is a file that is not read: lock it with `pipenv lock`, and write `-r {named}.lock`"
        )));
    }
    if path.is_file() {
        return Err(Failure::usage(format!(
            "`{named}` is a file, and files are named with an option: write `{} {named}`{}",
            option_of(&path),
            or_package(named)
        )));
    }
    if path.is_dir() {
        return refuse_folder(text, named, &path);
    }
    if looks_like_file(named) {
        return Err(Failure::usage(format!(
            "there is no file `{named}`, and a package of that name is unlikely: correct the name, and write `{} FILE`",
            option_of(&path)
        )));
    }
    Ok(())
}

/// A folder without a project is irrelevant, and a path is already written as it should be.
fn refuse_folder(text: &str, named: &str, path: &Path) -> Result<(), Failure> {
    let holds = |file: &&&str| path.join(file).is_file();
    let is_path = named.starts_with('.') || named.contains('/');
    if PROJECT_FILES.iter().any(|file| holds(&file)) {
        if is_path {
            return Ok(());
        }
        return Err(Failure::usage(format!(
            "`{named}` is a folder with a project: write `./{text}` for that project{}",
            or_package(named)
        )));
    }
    match INPUT_FILES.iter().find(holds) {
        None => Ok(()),
        Some(file) => Err(Failure::usage(format!(
            "`{named}` is a folder with a `{file}`: write `{} {}`{}",
            option_of(Path::new(file)),
            Path::new(named).join(file).display(),
            if is_path { String::new() } else { or_package(named) }
        ))),
    }
}

/// The option for a file.
fn option_of(path: &Path) -> &'static str {
    match ManifestKind::of(path) {
        ManifestKind::Pyproject => "--pyproject",
        ManifestKind::Environment => "--environment",
        _ => "-r",
    }
}

/// The notation for a package on an index with the name of a file.
fn or_package(name: &str) -> String {
    let is_package = name.parse::<mach_nix_model::PackageName>().is_ok();
    if is_package && !looks_like_file(name) {
        format!(", or `{name}>=0` for the package of that name")
    } else {
        String::new()
    }
}

/// Whether the name is that of an input file.
fn looks_like_file(name: &str) -> bool {
    let path = Path::new(name);
    let is_manifest = !matches!(
        ManifestKind::of(path),
        ManifestKind::Requirements | ManifestKind::Script
    );
    let is_of_others = matches!(name, "Pipfile" | "pdm.lock");
    let lower = name.to_ascii_lowercase();
    is_manifest || is_of_others || FILE_ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

/// Wheels and archives are requirements by themselves, as local files.
fn is_distribution(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let endings = [".whl", ".zip", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar"];
    lower.contains("://") || endings.iter().any(|ending| lower.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_and_projects_are_never_looked_up_on_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in [
            "requirements.txt",
            "pyproject.toml",
            "flask",
            "tool.py",
            "a-1.tar.gz",
            "env.yml",
            "uv.lock",
            "Pipfile",
        ] {
            fs::write(path(name), "").unwrap();
        }
        for name in ["d", "empty", "listed"] {
            fs::create_dir(path(name)).unwrap();
        }
        fs::write(path("d/setup.py"), "").unwrap();
        fs::write(path("d/more.txt"), "").unwrap();
        fs::write(path("listed/requirements.txt"), "").unwrap();
        let refused =
            |text: &str| refuse_files(text, folder.path()).map_err(|failure| format!("{failure:?}"));
        for (text, part) in [
            ("requirements.txt", "write `-r requirements.txt`"),
            ("./requirements.txt", "write `-r ./requirements.txt`"),
            ("pyproject.toml", "write `--pyproject pyproject.toml`"),
            ("pyproject.toml[x]", "write `--pyproject pyproject.toml`"),
            ("env.yml", "write `--environment env.yml`"),
            ("uv.lock", "write `-r uv.lock`"),
            ("Pipfile", "with `pipenv lock`, and write `-r Pipfile.lock`"),
            ("tool.py", "write `-r tool.py`, or `tool.py>=0` for the package"),
            ("flask", "write `-r flask`, or `flask>=0` for the package"),
            ("d/more.txt", "write `-r d/more.txt`"),
            ("d", "write `./d` for that project"),
            ("d[x]", "write `./d[x]` for that project"),
            ("listed", "write `-r listed/requirements.txt`"),
            ("gone.txt", "there is no file `gone.txt`"),
            ("requirements-dev.txt", "there is no file"),
            ("poetry.lock", "there is no file"),
            ("Pipfile.lock", "there is no file"),
            ("environment.yml", "write `--environment FILE`"),
        ] {
            let shown = refused(text).expect_err(text);
            assert!(shown.contains(part), "{text}: {shown}");
        }
        for text in [
            "click",
            "empty",
            "./d",
            "./d[x]",
            "a-1.tar.gz",
            "web.py",
            "flask>=2",
            "d>=1",
            "django[x]",
        ] {
            assert_eq!(refused(text), Ok(()), "{text}");
        }
    }
}
