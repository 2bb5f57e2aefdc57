//! Options in the string literals of a crate, outside of its tests.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::modules::is_test;

/// An option that a file names.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The file, relative to the sources of the crate.
    pub file: String,
    /// The option, without its value.
    pub option: String,
}

/// The options that the string literals below a folder of sources name, sorted, each once per file.
pub fn named(source: &Path) -> Vec<Named> {
    let mut files = Vec::new();
    find(source, &mut files);
    let mut found = Vec::new();
    for path in files {
        let parsed = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut reader = Reader::default();
        reader.visit_file(&parsed);
        let file = path.strip_prefix(source).unwrap().to_str().unwrap().to_owned();
        let options = reader.literals.iter().flat_map(|text| options(text));
        found.extend(options.map(|option| Named {
            file: file.clone(),
            option,
        }));
    }
    found.sort();
    found.dedup();
    found
}

/// Sources, without files that hold only tests.
fn find(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() && name != "tests" {
            find(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") && name != "tests.rs" {
            files.push(path);
        }
    }
}

/// The options in a text: two hyphens before a letter, not inside of a word or a rule of hyphens.
fn options(text: &str) -> Vec<String> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let starts = text.match_indices("--").filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        let after = text[at + 2..].chars().next();
        !before.is_some_and(is_of_name) && after.is_some_and(|letter| letter.is_ascii_lowercase())
    });
    let option = |(at, _)| {
        let rest = &text[at..];
        let end = rest.find(|letter| !is_of_name(letter)).unwrap_or(rest.len());
        rest[..end].to_owned()
    };
    starts.map(option).collect()
}

#[derive(Default)]
struct Reader {
    literals: Vec<String>,
}

impl Reader {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                        self.literals.push(text.value());
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.literals.push(literal.value());
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
    }

    // Documentation is for readers of the code; messages in attributes are those of errors.
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
    }
}

#[test]
fn options_are_found_in_literals_of_code() {
    let folder = tempfile::tempdir().unwrap();
    let text = "//! --of-comment\n\
                /// --of-documentation\n\
                #[error(\"use --of-attribute\")] struct S;\n\
                fn f() { g(\"`--of-call=1` or x--no\"); println!(\"--of-macro {}\", h(\"--of-macro\")) }\n\
                #[cfg(test)] mod tests { const X: &str = \"--of-test\"; }\n";
    fs::write(folder.path().join("lib.rs"), text).unwrap();
    let found = named(folder.path());
    let found: Vec<&str> = found.iter().map(|named| &*named.option).collect();
    assert_eq!(found, ["--of-attribute", "--of-call", "--of-macro"]);
}
