//! Messages on standard error: warnings and errors, each once per run; details of `-v` with their source.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Write as _};
use std::sync::Mutex;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::args::Arguments;
use crate::output;

/// The warnings of this run.
static WARNED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Sends the log to standard error. `RUST_LOG` overrides `-v` and `-q`.
pub fn start(arguments: &Arguments) {
    let level = match (arguments.quiet, arguments.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, _) => "debug",
    };
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(format!("mach_nix={level}")));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Those would go to standard error, too.
        .log_internal_errors(false)
        .event_format(Words)
        .init();
}

/// Prints a warning, unless this run has printed the same before.
pub fn warn(text: impl Display) {
    let text = text.to_string();
    if is_new(&text) {
        output::note(format_args!("warning: {text}"));
    }
}

fn is_new(text: &str) -> bool {
    WARNED
        .lock()
        .map_or(true, |mut warned| warned.insert(text.to_owned()))
}

/// One line per event: `warning: text`, and below that `debug: source: text (field=value)`.
struct Words;

impl<S, N> FormatEvent<S, N> for Words
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut text = Text::default();
        event.record(&mut text);
        let Text { message, fields } = text;
        let level = *event.metadata().level();
        let name = match level {
            Level::ERROR => "error",
            Level::WARN => "warning",
            Level::INFO => "info",
            Level::DEBUG => "debug",
            Level::TRACE => "trace",
        };
        let fields = if fields.is_empty() {
            String::new()
        } else {
            format!(" ({fields})")
        };
        if level > Level::INFO {
            let target = event.metadata().target();
            return writeln!(writer, "{name}: {target}: {message}{fields}");
        }
        let line = format!("{message}{fields}");
        if level == Level::WARN && !is_new(&line) {
            return Ok(());
        }
        writeln!(writer, "{name}: {line}")
    }
}

/// The message of an event and its fields.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a text cannot fail.
        let _ = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            let separator = if self.fields.is_empty() { "" } else { ", " };
            write!(self.fields, "{separator}{}={value:?}", field.name())
        };
    }
}
