//! Values of TOML and JSON with their locations, which all errors include. [`crate::json`] reads the latter.

use std::str::FromStr;

use mach_nix_model::{ExcludeNewer, PackageName, Timestamp, specifier_list};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::Document;
use crate::{Entry, Location, ManifestError, RequiresPython, specifier};

/// Parses a text with the line structure of the document.
pub fn parse<'a>(document: &Document, text: &'a str) -> Result<DeTable<'a>, ManifestError> {
    match DeTable::parse(text) {
        Ok(table) => Ok(table.into_inner()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            Err(document.at(at, format!("this is not TOML: {}", error.message())))
        }
    }
}

/// The syntax of a document, which determines the words of its errors.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Toml,
    Json,
}

/// A table of a document.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub document: &'a Document,
    syntax: Syntax,
    /// The name of the table for messages; empty for the document itself.
    name: &'a str,
    /// The byte offset of the table.
    offset: usize,
    values: &'a DeTable<'a>,
}

/// A value of a document.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    pub document: &'a Document,
    syntax: Syntax,
    /// The key, for messages.
    pub key: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Table<'a> {
    pub fn root(document: &'a Document, values: &'a DeTable<'a>) -> Self {
        Self {
            document,
            syntax: Syntax::Toml,
            name: "",
            offset: 0,
            values,
        }
    }

    /// The object of a JSON document.
    pub fn root_of_json(document: &'a Document, values: &'a DeTable<'a>) -> Self {
        Self {
            syntax: Syntax::Json,
            ..Self::root(document, values)
        }
    }

    pub fn get(&self, key: &'a str) -> Option<Item<'a>> {
        Some(Item {
            document: self.document,
            syntax: self.syntax,
            key,
            value: self.values.get(key)?,
        })
    }

    /// A required value.
    pub fn required(&self, key: &'a str) -> Result<Item<'a>, ManifestError> {
        self.get(key).ok_or_else(|| match self.name {
            "" => self.document.whole(format!("`{key}` is missing")),
            name => self.document.at(self.offset, format!("`{name}` has no `{key}`")),
        })
    }

    pub fn table(&self, key: &'a str) -> Result<Option<Table<'a>>, ManifestError> {
        self.get(key).map(|item| item.table()).transpose()
    }

    pub fn string(&self, key: &'a str) -> Result<Option<&'a str>, ManifestError> {
        self.get(key).map(|item| item.string()).transpose()
    }

    /// The items of an array; empty if the key is missing.
    pub fn array(&self, key: &'a str) -> Result<Vec<Item<'a>>, ManifestError> {
        Ok(self
            .get(key)
            .map(|item| item.array())
            .transpose()?
            .unwrap_or_default())
    }

    /// Keys and values, in document order.
    pub fn entries(&self) -> Vec<(&'a str, Item<'a>)> {
        let mut entries: Vec<_> = self.values.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let item = |(key, value): (&'a Spanned<toml::de::DeString<'a>>, _)| {
            let key: &'a str = key.get_ref();
            (
                key,
                Item {
                    document: self.document,
                    syntax: self.syntax,
                    key,
                    value,
                },
            )
        };
        entries.into_iter().map(item).collect()
    }

    pub fn line(&self) -> usize {
        self.document.line_and_column(self.offset).0
    }

    /// The location of the table, with a text to show.
    pub fn location(&self, text: impl Into<String>) -> Location {
        Location::line(&self.document.shown, self.line(), text)
    }

    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        self.document.at(self.offset, reason)
    }
}

impl<'a> Item<'a> {
    /// The bytes of the value.
    pub fn span(&self) -> std::ops::Range<usize> {
        self.value.span()
    }

    pub fn offset(&self) -> usize {
        self.value.span().start
    }

    pub fn line(&self) -> usize {
        self.document.line_and_column(self.offset()).0
    }

    /// The location of the value, with a text to show.
    pub fn location(&self, text: impl Into<String>) -> Location {
        Location::line(&self.document.shown, self.line(), text)
    }

    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        self.document.at(self.offset(), reason)
    }

    /// A warning about the value.
    pub fn warning(&self, text: &str) -> String {
        format!("{}, line {}: {text}", self.document.shown, self.line())
    }

    fn other(&self, wanted: &'static str) -> ManifestError {
        let of_syntax = |word| match (self.syntax, word) {
            (Syntax::Json, "table") => "object",
            (Syntax::Json, "a table") => "an object",
            (Syntax::Json, "integer" | "float") => "number",
            _ => word,
        };
        let found = of_syntax(self.value.get_ref().type_str());
        let wanted = of_syntax(wanted);
        let article = if found.starts_with(['a', 'i', 'o']) {
            "an"
        } else {
            "a"
        };
        self.error(format!(
            "`{}` must be {wanted}, and this is {article} {found}",
            self.key
        ))
    }

    pub fn string(&self) -> Result<&'a str, ManifestError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.other("a string")),
        }
    }

    pub fn maybe_string(&self) -> Option<&'a str> {
        self.string().ok()
    }

    pub fn boolean(&self) -> Result<bool, ManifestError> {
        self.value
            .get_ref()
            .as_bool()
            .ok_or_else(|| self.other("`true` or `false`"))
    }

    pub fn size(&self) -> Result<u64, ManifestError> {
        let number = match self.value.get_ref() {
            DeValue::Integer(number) => {
                u64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
            }
            _ => None,
        };
        number.ok_or_else(|| self.other("a number of bytes"))
    }

    pub fn array(&self) -> Result<Vec<Item<'a>>, ManifestError> {
        let array = self
            .value
            .get_ref()
            .as_array()
            .ok_or_else(|| self.other("an array"))?;
        let item = |value| Item {
            document: self.document,
            syntax: self.syntax,
            key: self.key,
            value,
        };
        Ok(array.iter().map(item).collect())
    }

    pub fn table(&self) -> Result<Table<'a>, ManifestError> {
        let values = self
            .value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.other("a table"))?;
        Ok(Table {
            document: self.document,
            syntax: self.syntax,
            name: self.key,
            offset: self.offset(),
            values,
        })
    }

    /// The instant, if the value is one.
    pub fn datetime(&self) -> Option<Timestamp> {
        match self.value.get_ref() {
            DeValue::Datetime(instant) => instant.to_string().parse().ok(),
            DeValue::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A date limit: a date, an instant, a duration, or `false`.
    pub fn exclude_newer(&self) -> Result<ExcludeNewer, ManifestError> {
        if let DeValue::Boolean(false) = self.value.get_ref() {
            return Ok(ExcludeNewer::Never);
        }
        if let Some(instant) = self.datetime() {
            return Ok(ExcludeNewer::At(instant));
        }
        let text = self.string()?;
        text.parse()
            .map_err(|error: mach_nix_model::ExcludeNewerError| self.error(error.to_string()))
    }

    pub fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// A value of a type that is parsed from a string.
    pub fn parsed<T: FromStr>(&self, what: &str) -> Result<T, ManifestError> {
        let text = self.string()?;
        text.parse()
            .map_err(|_| self.error(format!("`{text}` is not a {what}")))
    }

    pub fn package_name(&self) -> Result<PackageName, ManifestError> {
        self.parsed("package name")
    }

    /// A dependency specifier.
    pub fn requirement(&self) -> Result<Entry, ManifestError> {
        let text = self.string()?;
        match specifier::requirement(text) {
            Ok(requirement) => Ok(Entry {
                requirement,
                location: self.location(text),
                hashes: Vec::new(),
                is_locked: false,
            }),
            Err(fault) => Err(self.within(text, fault.column, fault.reason)),
        }
    }

    /// An error at a character of the string, if the file contains the string verbatim.
    pub fn within(&self, text: &str, column: usize, reason: String) -> ManifestError {
        let bytes = text.chars().take(column).map(char::len_utf8).sum::<usize>();
        let inside = self.offset() + 1;
        let is_verbatim = self
            .document
            .text
            .get(inside..)
            .is_some_and(|rest| rest.starts_with(text));
        let at = if is_verbatim {
            inside + bytes
        } else {
            self.offset()
        };
        self.document.at(at, reason)
    }

    pub fn requires_python(&self) -> Result<RequiresPython, ManifestError> {
        let text = self.string()?;
        let specifiers = specifier_list(text).map_err(|error| {
            let column = text[..error.start].chars().count();
            self.within(text, column, error.message)
        })?;
        Ok(RequiresPython {
            specifiers,
            location: self.location(text),
        })
    }
}
