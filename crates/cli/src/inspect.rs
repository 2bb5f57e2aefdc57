//! `mach-nix tree`, `mach-nix why` and `mach-nix export`: the contents of a lock.

use std::path::Path;

use mach_nix_engine::relative;
use mach_nix_lock::{Graph, TreeFormat};
use mach_nix_model::AnyName;

use crate::args::inspect::{self, ExportFormat, ExportOptions, TreeOptions, WhyOptions};
use crate::failure::Failure;
use crate::lock::folder_of;
use crate::{lock_file, output, project};

pub fn tree(options: &TreeOptions) -> Result<(), Failure> {
    let path = project::lock_path(&options.lock.path)?;
    let lock = lock_file::read(&path)?;
    let graph = Graph::new(&lock);
    if let Some(name) = &options.package
        && !graph.names().any(|known| known == name)
    {
        return Err(unknown(name, &graph, &path));
    }
    let format = match options.format {
        _ if options.json => TreeFormat::Json,
        inspect::TreeFormat::Text => TreeFormat::Text,
        inspect::TreeFormat::Dot => TreeFormat::Dot,
        inspect::TreeFormat::Mermaid => TreeFormat::Mermaid,
        inspect::TreeFormat::Json => TreeFormat::Json,
    };
    write(
        Path::new("-"),
        &graph.tree(format, options.invert, options.package.as_ref(), options.depth),
    )
}

pub fn why(options: &WhyOptions) -> Result<(), Failure> {
    let path = project::lock_path(&options.lock.path)?;
    let lock = lock_file::read(&path)?;
    let graph = Graph::new(&lock);
    match graph.why(&options.package) {
        // The tree of dependents, from the package upwards.
        Some(_) if options.json => write(
            Path::new("-"),
            &graph.tree(TreeFormat::Json, true, Some(&options.package), None),
        ),
        Some(text) => write(Path::new("-"), &text),
        None => Err(unknown(&options.package, &graph, &path)),
    }
}

pub fn export(options: &ExportOptions) -> Result<(), Failure> {
    if options.hashes && options.format != ExportFormat::Requirements {
        return Err(Failure::usage(
            "--hashes is only for --format requirements: the other formats always have them",
        ));
    }
    let path = project::lock_path(&options.lock.path)?;
    let mut lock = lock_file::read(&path)?;
    if options.output != Path::new("-") && path != Path::new("-") {
        let (from, to) = (folder_of(&path)?, folder_of(&options.output)?);
        lock = lock.with_paths(|path| {
            let path = mach_nix_manifest::normalized(&Path::new(&from).join(path));
            relative(&path.to_string_lossy(), &to)
        });
    }
    let text = match options.format {
        ExportFormat::Pylock => lock.to_pylock()?,
        ExportFormat::Requirements if options.hashes => lock.to_requirements_with_hashes()?,
        ExportFormat::Requirements => lock.to_requirements(),
        ExportFormat::Explicit => lock.to_explicit()?,
        ExportFormat::Cyclonedx => lock.to_cyclonedx(),
    };
    write(&options.output, &text)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    output::write(path, text)
        .map_err(|error| Failure::external(format!("cannot write {}: {error}", path.display())))
}

fn unknown(name: &AnyName, graph: &Graph<'_>, path: &Path) -> Failure {
    let near = graph
        .names()
        .map(|known| (strsim::jaro_winkler(&known.to_string(), &name.to_string()), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let hint = match near {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => "`mach-nix tree` shows what is in it".to_owned(),
    };
    Failure::usage(format!("{} has no package `{name}`: {hint}", path.display()))
}
