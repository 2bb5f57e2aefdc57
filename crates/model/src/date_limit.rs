//! Days and date limits.

use crate::Timestamp;

impl Timestamp {
    /// The day of the instant in UTC.
    #[must_use]
    pub fn day(self) -> String {
        let text = self.to_string();
        text.split('T').next().unwrap_or(&text).to_owned()
    }

    /// The instant as a date limit in its likely original notation: a date stands for the end of that day, which is the
    /// start of the next day.
    #[must_use]
    pub fn as_limit(self) -> String {
        let text = self.to_string();
        let Some(end) = text.strip_suffix("T00:00:00Z") else {
            return text;
        };
        let day: Option<String> = end
            .parse()
            .and_then(|next: jiff::civil::Date| next.yesterday())
            .map(|day| day.to_string())
            .ok();
        day.unwrap_or(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_next_begins() {
        for day in [
            "2026-11-01",
            "2025-12-31",
            "2024-02-29",
            "2100-02-28",
            "2026-04-30",
        ] {
            let limit: Timestamp = day.parse().expect("a day");
            assert_eq!(limit.as_limit(), day);
        }
        let instant: Timestamp = "2026-11-01T12:00:00Z".parse().expect("an instant");
        assert_eq!(instant.as_limit(), "2026-11-01T12:00:00Z");
        assert_eq!(instant.day(), "2026-11-01");
    }
}
