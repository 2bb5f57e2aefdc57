//! JSON as the values of [`crate::toml_item`], so that they have their locations in messages, too.
//!
//! The text is checked by `serde_json`, which does not report where values are; what follows only finds them.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::ManifestError;
use crate::document::Document;

/// Maximum number of arrays and objects within each other.
const MAX_DEPTH: usize = 64;

/// Parses a document whose value is an object. A value `null` is that of a missing key.
pub fn parse(document: &Document) -> Result<DeTable<'_>, ManifestError> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(&document.text) {
        return Err(invalid(document, &error));
    }
    let mut reader = Reader {
        document,
        at: 0,
        depth: 0,
    };
    match reader.value()?.map(Spanned::into_inner) {
        Some(DeValue::Table(table)) => Ok(table),
        _ => Err(document.whole("the file must be a JSON object, and this is another value")),
    }
}

/// The error of `serde_json`, whose columns are in bytes.
fn invalid(document: &Document, error: &serde_json::Error) -> ManifestError {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    let lines = document.text.split_inclusive('\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut at = (before + error.column().saturating_sub(1)).min(document.text.len());
    while !document.text.is_char_boundary(at) {
        at -= 1;
    }
    document.at(at, format!("this is not JSON: {reason}"))
}

/// Finds the values of a text that is JSON.
struct Reader<'a> {
    document: &'a Document,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// A value; `None` for `null`.
    fn value(&mut self) -> Result<Option<Spanned<DeValue<'a>>>, ManifestError> {
        let first = self.next();
        let start = self.at;
        let value = match first {
            Some(b'{') => DeValue::Table(self.nested(Self::object)?),
            Some(b'[') => DeValue::Array(self.nested(Self::array)?),
            Some(b'"') => DeValue::String(self.string()?),
            _ => {
                let rest = &self.document.text[start..];
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
                let word = &rest[..end.unwrap_or(rest.len())];
                self.at += word.len();
                match word {
                    "null" => return Ok(None),
                    "true" => DeValue::Boolean(true),
                    "false" => DeValue::Boolean(false),
                    // Numbers of JSON are also numbers of TOML.
                    _ => DeValue::parse(word)
                        .map_err(|_| self.error(start, "this is not a number"))?
                        .into_inner(),
                }
            }
        };
        Ok(Some(Spanned::new(start..self.at, value)))
    }

    fn object(&mut self) -> Result<DeTable<'a>, ManifestError> {
        let mut table = DeTable::new();
        while self.next() == Some(b'"') {
            let start = self.at;
            let key = Spanned::new(start..start, self.string()?);
            self.skip(b':');
            let value = self.value()?;
            self.skip(b',');
            if table.contains_key(key.get_ref().as_ref()) {
                let reason = format!("`{}` occurs twice: delete one of them", key.get_ref());
                return Err(self.error(start, reason));
            }
            if let Some(value) = value {
                table.insert(key, value);
            }
        }
        self.skip(b'}');
        Ok(table)
    }

    fn array(&mut self) -> Result<DeArray<'a>, ManifestError> {
        let mut array = DeArray::new();
        while self.next().is_some_and(|byte| byte != b']') {
            let start = self.at;
            let Some(value) = self.value()? else {
                return Err(self.error(start, "`null` is not supported in an array: delete it"));
            };
            array.push(value);
            self.skip(b',');
        }
        self.skip(b']');
        Ok(array)
    }

    fn nested<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Result<T, ManifestError>,
    ) -> Result<T, ManifestError> {
        if self.depth == MAX_DEPTH {
            let reason = format!("more than {MAX_DEPTH} arrays and objects are within each other");
            return Err(self.error(self.at, reason));
        }
        self.at += 1;
        self.depth += 1;
        let found = read(self)?;
        self.depth -= 1;
        Ok(found)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, ManifestError> {
        let text = &self.document.text;
        let start = self.at;
        self.at = text.len();
        let mut bytes = text.bytes().enumerate().skip(start + 1);
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                b'"' => {
                    self.at = at + 1;
                    break;
                }
                _ => {}
            }
        }
        let inside = text.get(start + 1..self.at.saturating_sub(1)).unwrap_or_default();
        if !inside.contains('\\') {
            return Ok(Cow::Borrowed(inside));
        }
        // Half of a surrogate pair is found only here.
        serde_json::from_str(&text[start..self.at])
            .map(Cow::Owned)
            .map_err(|_| self.error(start, "this is not JSON: invalid escape in a string"))
    }

    /// The next byte that is not white space.
    fn next(&mut self) -> Option<u8> {
        let rest = self.document.text.get(self.at..)?;
        self.at += rest.len() - rest.trim_start().len();
        rest.trim_start().bytes().next()
    }

    fn skip(&mut self, wanted: u8) {
        if self.next() == Some(wanted) {
            self.at += 1;
        }
    }

    fn error(&self, at: usize, reason: impl Into<String>) -> ManifestError {
        self.document.at(at, reason)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn document(text: &str) -> Document {
        Document {
            shown: "a.json".to_owned(),
            text: text.to_owned(),
            encoding: None,
        }
    }

    /// The values without their locations.
    fn plain(value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => json!(text),
            DeValue::Boolean(value) => json!(value),
            DeValue::Integer(number) => serde_json::from_str(number.as_str()).unwrap(),
            DeValue::Float(number) => serde_json::from_str(number.as_str()).unwrap(),
            DeValue::Array(array) => array.iter().map(|value| plain(value.get_ref())).collect(),
            DeValue::Table(table) => Value::Object(
                table
                    .iter()
                    .map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref())))
                    .collect(),
            ),
            DeValue::Datetime(_) => panic!("JSON has none"),
        }
    }

    #[test]
    fn errors_have_a_location() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(70), "]".repeat(70));
        for (text, expected) in [
            (
                "",
                "a.json, line 1, column 1: this is not JSON: EOF while parsing a value",
            ),
            (
                "{\n  \"é\": 1,\n}",
                "a.json, line 3, column 1: this is not JSON: key must be a string",
            ),
            (
                "{\"é\": x}",
                "a.json, line 1, column 7: this is not JSON: expected value",
            ),
            (
                "{\"a\": 1} {",
                "a.json, line 1, column 10: this is not JSON: trailing characters",
            ),
            ("[1]", "a.json: the file must be a JSON object"),
            ("null", "a.json: the file must be a JSON object"),
            (
                "{\"a\": [1, null]}",
                "a.json, line 1, column 11: `null` is not supported in an array",
            ),
            (
                "{\"a\": 1,\n\"a\": 2}",
                "a.json, line 2, column 1: `a` occurs twice",
            ),
            (
                "{\"a\": \"\\ud800\"}",
                "a.json, line 1, column 7: this is not JSON: invalid escape",
            ),
            (
                &deep,
                "a.json, line 1, column 70: more than 64 arrays and objects",
            ),
        ] {
            let shown = parse(&document(text)).unwrap_err().to_string();
            assert!(shown.starts_with(expected), "{shown}");
        }
        let nested = "[".repeat(1_000_000);
        assert!(parse(&document(&nested)).is_err());
    }

    #[test]
    fn values_are_where_they_are_said_to_be() {
        let text = "{ \"a\" : [ true, -1.5e3 ] , \"b\\n\": \"x\\\"\", \"n\": null }";
        let document = document(text);
        let table = parse(&document).unwrap();
        let at = |key: &str| &text[table.get(key).unwrap().span()];
        assert_eq!(at("a"), "[ true, -1.5e3 ]");
        assert_eq!(at("b\n"), "\"x\\\"\"");
        assert!(!table.contains_key("n"));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -~é\\n\\t\"\\\\{}]{0,5}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c\"é]{0,3}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_reads(value in values(), pretty in any::<bool>()) {
            let whole = json!({ "whole": value });
            let text = if pretty {
                serde_json::to_string_pretty(&whole).unwrap()
            } else {
                whole.to_string()
            };
            let document = document(&text);
            let table = parse(&document).unwrap();
            prop_assert_eq!(plain(&DeValue::Table(table)), whole);
        }
    }
}
