//! `mach-nix tree`, `mach-nix why` and `mach-nix export`: the contents of a lock.

use std::path::Path;

use mach_nix_engine::relative;
use mach_nix_lock::{Graph, TreeFormat};
use mach_nix_model::AnyName;

use crate::args::inspect::{self, ExportFormat, ExportOptions, TreeOptions, WhyOptions};
use crate::color::{Color, Stream, painted};
use crate::failure::Failure;
use crate::resolved::folder_of;
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
    let text = graph.tree(format, options.invert, options.package.as_ref(), options.depth);
    if format == TreeFormat::Text && Stream::Output.has_colors() {
        return output::print(&text.split_inclusive('\n').map(colored).collect::<String>());
    }
    output::print(&text)
}

pub fn why(options: &WhyOptions) -> Result<(), Failure> {
    let path = project::lock_path(&options.lock.path)?;
    let lock = lock_file::read(&path)?;
    let graph = Graph::new(&lock);
    match graph.why(&options.package) {
        // The tree of dependents, from the package upwards.
        Some(_) if options.json => {
            output::print(&graph.tree(TreeFormat::Json, true, Some(&options.package), None))
        }
        Some(text) => output::print(&text),
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

/// A line of a tree with dim branches and a bold name.
fn colored(line: &str) -> String {
    let start = line.find(|c| !"│├└─ ".contains(c)).unwrap_or(line.len());
    let (branches, rest) = line.split_at(start);
    let (name, rest) = rest.split_at(rest.find([' ', '\n']).unwrap_or(rest.len()));
    if name.is_empty() || name.starts_with('(') {
        return painted(Color::Dim, line.trim_end_matches('\n')) + "\n";
    }
    let branches = if branches.is_empty() {
        String::new()
    } else {
        painted(Color::Dim, branches)
    };
    let rest = rest.replace("(*)", &painted(Color::Dim, "(*)"));
    format!("{branches}{}{rest}", painted(Color::Bold, name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_in_color_has_the_same_text() {
        let tree =
            "flask 3.0.3\n├── click 8.1.7\n│   └── colorama 0.4.6 (*)\n\n(*) what it needs is shown above\n";
        let colored: String = tree.split_inclusive('\n').map(colored).collect();
        assert!(colored.contains("\u{1b}[2m├── \u{1b}[0m\u{1b}[1mclick\u{1b}[0m 8.1.7\n"));
        let mut plain = colored;
        for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m"] {
            plain = plain.replace(code, "");
        }
        assert_eq!(plain, tree);
    }
}
