//! Headers of requests and responses.

use std::time::Duration;

use reqwest::header::{
    ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER,
};

/// The delay requested by a server: seconds, or a date.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?;
    let pause = date.timestamp().duration_since(jiff::Timestamp::now());
    // A date in the past requests no delay.
    Some(pause.try_into().unwrap_or_default())
}

/// The validator of a response (RFC 9110 §8.8): its entity tag, or the date of its last change.
pub fn validator(headers: &HeaderMap) -> Option<String> {
    let value = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
    value(ETAG).or_else(|| value(LAST_MODIFIED))
}

/// The headers that request content only if it differs from that of the validator (RFC 9110 §13.1).
pub fn condition(validator: &str) -> HeaderMap {
    let is_tag = validator.starts_with('"') || validator.starts_with("W/\"");
    let name = if is_tag { IF_NONE_MATCH } else { IF_MODIFIED_SINCE };
    let value: Option<HeaderValue> = validator.parse().ok();
    value.into_iter().map(|value| (name.clone(), value)).collect()
}

/// Whether a response may have the status 304.
pub fn are_conditional(headers: &HeaderMap) -> bool {
    headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MODIFIED_SINCE)
}

/// `bytes FIRST-LAST/TOTAL`
pub fn content_range(value: &str) -> Option<(u64, u64)> {
    let (span, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    Some((span.split_once('-')?.0.parse().ok()?, total.parse().ok()?))
}
