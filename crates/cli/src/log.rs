//! Messages on standard error: warnings and errors, each once per run; with `-v`, details with their source.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use mach_nix_model::without_passwords;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{EnvFilter, Targets};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::args::Arguments;
use crate::color::{Color, Stream};
use crate::output;
use crate::step::STEP;

/// The warnings of this run.
static WARNED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Whether details are logged, which replaces other progress.
static IS_DETAILED: AtomicBool = AtomicBool::new(false);

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
    let is_detailed = filter.max_level_hint().is_none_or(|most| most >= Level::INFO);
    IS_DETAILED.store(is_detailed, Ordering::Relaxed);
    let messages = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        // They would go to standard error, too.
        .log_internal_errors(false)
        .event_format(Words)
        .with_filter(filter);
    let watched = (!arguments.quiet && !is_detailed).then(|| {
        let steps = Targets::new().with_target("mach_nix", Level::INFO);
        Steps.with_filter(steps)
    });
    tracing_subscriber::registry().with(messages).with(watched).init();
}

/// Whether `-v` or `RUST_LOG` enables details.
pub fn is_detailed() -> bool {
    IS_DETAILED.load(Ordering::Relaxed)
}

/// Forwards the current step to the progress line.
struct Steps;

impl<S: Subscriber> Layer<S> for Steps {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == Level::INFO {
            let mut text = Text::default();
            event.record(&mut text);
            STEP.note(text.message, text.decided);
        }
    }
}

/// Prints a warning, unless it was printed before in this run.
pub fn warn(text: impl Display) {
    let text = text.to_string();
    if is_new(&text) {
        output::note(format_args!(
            "{} {text}",
            Stream::Error.painted(Color::Yellow, "warning:")
        ));
    }
}

fn is_new(text: &str) -> bool {
    WARNED
        .lock()
        .map_or(true, |mut warned| warned.insert(text.to_owned()))
}

/// Formats one line per event: `warning: text`, or for details `debug: source: text (field=value)`.
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
        let Text { message, fields, .. } = text;
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
            let message = without_passwords(&format!("{message}{fields}"));
            return writeln!(writer, "{name}: {target}: {message}");
        }
        let line = without_passwords(&format!("{message}{fields}"));
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
    /// The field `decided`: the number of packages with a version.
    decided: Option<u64>,
}

impl Visit for Text {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "decided" {
            self.decided = Some(value);
        }
        self.record_debug(field, &value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            let separator = if self.fields.is_empty() { "" } else { ", " };
            write!(self.fields, "{separator}{}={value:?}", field.name())
        };
    }
}
