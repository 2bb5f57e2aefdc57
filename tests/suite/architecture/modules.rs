//! The modules of a crate, and which of them names an item of which other.
//!
//! A use counts for the module that defines the item: a path through `pub use` is followed to its end. What only tests
//! name does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::cycles::Graph;

type Name = Vec<String>;

/// A module: the paths that it names, and what it exports of others.
#[derive(Default)]
struct Module {
    paths: Vec<Name>,
    exports: BTreeMap<String, Name>,
}

/// The graph of the modules below a folder of sources; the root of the crate is `crate`.
pub fn graph(source: &Path) -> Graph {
    let root = ["lib.rs", "main.rs"]
        .map(|file| source.join(file))
        .into_iter()
        .find(|file| file.exists())
        .unwrap();
    let mut modules = BTreeMap::new();
    read(&root, source, &[], &mut modules);
    let mut graph = Graph::new();
    for (name, module) in &modules {
        let used = module
            .paths
            .iter()
            .filter_map(|path| defining(&modules, name, path, 0));
        let used = used.filter(|used| used != name).map(|used| shown(&used));
        graph.insert(shown(name), used.collect::<BTreeSet<_>>());
    }
    graph
}

fn shown(module: &[String]) -> String {
    if module.is_empty() {
        "crate".to_owned()
    } else {
        module.join("::")
    }
}

/// Reads a file and the files of its child modules, which lie in `folder`.
fn read(file: &Path, folder: &Path, name: &[String], modules: &mut BTreeMap<Name, Module>) {
    let text = fs::read_to_string(file).unwrap();
    let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut reader = Reader::default();
    reader.visit_file(&parsed);
    modules.insert(name.to_vec(), reader.module);
    for part in reader.children {
        let file = folder.join(format!("{part}.rs"));
        read(&file, &folder.join(&part), &child(name, &part), modules);
    }
}

/// The module that defines what a path names; `None` for a path that leaves the crate.
fn defining(
    modules: &BTreeMap<Name, Module>,
    from: &[String],
    path: &[String],
    depth: usize,
) -> Option<Name> {
    assert!(depth < 20, "{path:?} is exported in a circle");
    let mut at = from.to_vec();
    let mut rest = path;
    match rest.first()?.as_str() {
        "crate" => {
            at.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                at.pop();
                rest = &rest[1..];
            }
        }
        first => {
            let is_child = modules.contains_key(&child(&at, first));
            if !is_child {
                return None;
            }
        }
    }
    while let Some(part) = rest.first()
        && modules.contains_key(&child(&at, part))
    {
        at.push(part.clone());
        rest = &rest[1..];
    }
    let exported = rest.first().and_then(|item| modules[&at].exports.get(item));
    let further = exported.and_then(|path| defining(modules, &at, path, depth + 1));
    Some(further.unwrap_or(at))
}

fn child(module: &[String], name: &str) -> Name {
    [module, &[name.to_owned()]].concat()
}

#[derive(Default)]
struct Reader {
    module: Module,
    children: Vec<String>,
}

impl Reader {
    fn import(&mut self, tree: &syn::UseTree, prefix: &[String], exported: bool) {
        match tree {
            syn::UseTree::Path(path) => {
                self.import(&path.tree, &child(prefix, &path.ident.to_string()), exported);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, prefix, exported);
                }
            }
            syn::UseTree::Name(name) => {
                self.add(prefix, &name.ident.to_string(), &name.ident.to_string(), exported);
            }
            syn::UseTree::Rename(name) => {
                self.add(
                    prefix,
                    &name.ident.to_string(),
                    &name.rename.to_string(),
                    exported,
                );
            }
            syn::UseTree::Glob(_) => self.module.paths.push(prefix.to_vec()),
        }
    }

    fn add(&mut self, prefix: &[String], item: &str, name: &str, exported: bool) {
        let path = if item == "self" {
            prefix.to_vec()
        } else {
            child(prefix, item)
        };
        if exported {
            self.module.exports.insert(name.to_owned(), path.clone());
        }
        self.module.paths.push(path);
    }

    /// Paths in the arguments of a macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path = Name::new();
        let mut colons = 0;
        let mut finished = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        finished.push(std::mem::take(&mut path));
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                other => {
                    finished.push(std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        finished.push(path);
        self.module
            .paths
            .extend(finished.into_iter().filter(|path| path.len() > 1));
    }
}

/// Whether an item is only part of tests.
pub fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|condition| condition == "test")
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(&item.attrs) {
            return;
        }
        if item.content.is_none() {
            self.children.push(item.ident.to_string());
        }
        visit::visit_item_mod(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_test(&item.attrs) {
            let exported = !matches!(item.vis, syn::Visibility::Inherited);
            self.import(&item.tree, &[], exported);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts = path.segments.iter().map(|part| part.ident.to_string());
        let parts: Name = parts.collect();
        if parts.len() > 1 {
            self.module.paths.push(parts);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}

#[test]
fn uses_count_for_the_module_that_defines_the_item() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("lib.rs", "mod a; mod b; mod c; pub use a::deep::Deep;");
    write(
        "a.rs",
        "pub mod deep; pub use deep::Deep as Renamed; pub fn own() {}",
    );
    write(
        "a/deep.rs",
        "pub struct Deep; #[cfg(test)] mod tests { use super::super::own; }",
    );
    write(
        "b.rs",
        "use crate::a::Renamed; use std::fmt; fn f() { println!(\"{}\", crate::c::f()) }",
    );
    write("c.rs", "pub fn f() -> crate::Deep { super::a::own(); todo!() }");
    let graph = graph(folder.path());
    let uses = |name: &str| graph[name].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(uses("a"), ["a::deep"]);
    assert!(uses("a::deep").is_empty());
    assert_eq!(uses("b"), ["a::deep", "c"]);
    assert_eq!(uses("c"), ["a", "a::deep"]);
}
