//! The fields of a JSON object, with errors that name the field.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::EngineError;

/// The fields, which are taken one by one.
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Parses an object and rejects unknown fields.
    pub fn read(json: &str, known: &[&str]) -> Result<Self, EngineError> {
        let value: Value = serde_json::from_str(json)
            .map_err(|error| EngineError::Usage(format!("this is not JSON: {error}")))?;
        let Value::Object(mut fields) = value else {
            return Err(EngineError::Usage(format!(
                "a query is an object with fields, and this is {}",
                kind(&value)
            )));
        };
        if let Some(unknown) = fields.keys().find(|field| !known.contains(&field.as_str())) {
            return Err(EngineError::Usage(format!(
                "there is no field `{unknown}`: {}",
                nearest(unknown, known)
            )));
        }
        fields.retain(|_, value| !value.is_null());
        Ok(Self(fields))
    }

    /// Whether a field is present and not yet taken.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// A string field.
    pub fn one<T: FromStr<Err: Display>>(&mut self, field: &str) -> Result<Option<T>, EngineError> {
        match self.0.remove(field) {
            None => Ok(None),
            Some(Value::String(text)) => parsed(field, &text).map(Some),
            Some(other) => Err(wrong(field, "a text", &other)),
        }
    }

    /// A field with custom deserialization.
    pub fn value<T: DeserializeOwned>(&mut self, field: &str) -> Result<Option<T>, EngineError> {
        let value = self.0.remove(field).map(serde_json::from_value);
        value.transpose().map_err(|error| fault(field, &error))
    }

    /// A string, or a list of strings.
    pub fn list<T: FromStr<Err: Display>>(&mut self, field: &str) -> Result<Option<Vec<T>>, EngineError> {
        let Some(value) = self.0.remove(field) else {
            return Ok(None);
        };
        let texts = texts(field, &value)?;
        texts
            .into_iter()
            .map(|text| parsed(field, text))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// A required string or non-empty list of strings.
    pub fn needed_list<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        example: &str,
    ) -> Result<Vec<T>, EngineError> {
        match self.list(field)? {
            Some(list) if !list.is_empty() => Ok(list),
            _ => Err(missing(
                field,
                &format!("a text such as \"{example}\", or a list of them"),
            )),
        }
    }

    /// An object of strings; a list is equivalent to its items separated by commas.
    pub fn lists(&mut self, field: &str) -> Result<Vec<(String, String)>, EngineError> {
        match self.0.remove(field) {
            None => Ok(Vec::new()),
            Some(Value::Object(lists)) => lists
                .into_iter()
                .map(|(name, list)| {
                    let texts = texts(&format!("{field}.{name}"), &list)?;
                    Ok((name, texts.join(",")))
                })
                .collect(),
            Some(other) => Err(wrong(
                field,
                "an object such as {\"_default\": \"wheel\"}",
                &other,
            )),
        }
    }
}

fn texts<'a>(field: &str, value: &'a Value) -> Result<Vec<&'a str>, EngineError> {
    let refused = |found| wrong(field, "a text or a list of texts", found);
    match value {
        Value::String(text) => Ok(vec![text]),
        Value::Array(members) => members
            .iter()
            .map(|member| member.as_str().ok_or_else(|| refused(member)))
            .collect(),
        other => Err(refused(other)),
    }
}

fn parsed<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, EngineError> {
    text.parse().map_err(|error| fault(field, &error))
}

/// An error about the value of a field.
pub fn fault(field: &str, reason: &dyn Display) -> EngineError {
    EngineError::Usage(format!("in `{field}`: {reason}"))
}

/// An error about a missing field.
pub fn missing(field: &str, what: &str) -> EngineError {
    EngineError::Usage(format!("`{field}` is missing: give {what}"))
}

fn wrong(field: &str, expected: &str, found: &Value) -> EngineError {
    EngineError::Usage(format!(
        "`{field}` must be {expected}, and this is {}",
        kind(found)
    ))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn nearest(unknown: &str, known: &[&str]) -> String {
    let likeness = |known: &&str| strsim::jaro_winkler(&known.to_lowercase(), &unknown.to_lowercase());
    let near = known.iter().map(|known| (likeness(known), known));
    let near = near.filter(|(likeness, _)| *likeness > 0.8);
    match near.max_by(|(a, _), (b, _)| a.total_cmp(b)) {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => format!("there are {}", known.join(", ")),
    }
}
