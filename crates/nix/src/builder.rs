//! Queries to the build backends of sources, each in a Nix build.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use mach_nix_engine::{BackendAnswer, BackendQuery, BuildError, BuiltMetadata, SourceBuilder};
use mach_nix_fetch::Cache;
use mach_nix_hash::Sha256;
use mach_nix_lock::{LockedPackage, LockedSource};
use mach_nix_model::{CoreMetadata, IndexError, PackageName, Target, Version, lenient_requirement};
use mach_nix_tags::NixSystem;
use serde::{Deserialize, Serialize};

use crate::build_log::{Cause, backend_output, cause, input_cause, input_refusal, refusal};
use crate::failures::Failures;
use crate::folder_state::folder_state;
use crate::{DEFAULT_TIMEOUT, Nix, NixError};

/// Default timeout of a build backend. Reading a `setup.py` takes a second; a backend
/// that has to build everything for it, a minute or two.
pub const DEFAULT_BUILD_LIMIT: Duration = Duration::from_mins(2);

/// Number of releases of one package that are built before the user is advised.
const BUILDS_BEFORE_ADVICE: usize = 3;

/// Maximum size of a result: the fields of the metadata, without the description.
const MAX_ANSWER: u64 = 8 * 1024 * 1024;

/// The number is that of the query: of `nixlib/build/ask_backend.py` and the interpretation of its result.
const BUCKET: &str = "backends-v2";

/// Runs build backends, and caches their results and failures.
pub struct NixBuilder<'a> {
    nix: &'a Nix,
    failures: Failures<'a>,
    cache: Cache,
    limit: Duration,
    offline: bool,
    system: Option<NixSystem>,
    /// The releases whose backends ran, by package.
    ran: RefCell<BTreeMap<PackageName, BTreeSet<Version>>>,
}

/// Advice when many releases are built one after the other: a lower bound, as a line of a constraints file.
fn advice(name: &PackageName, newest: &Version) -> String {
    format!(
        "{BUILDS_BEFORE_ADVICE} releases of {name} were built to read their metadata, and older ones may follow: a lower bound \
         ends this, such as the line `{name}>={newest}` in the requirements or in a constraints file (`-c FILE`)"
    )
}

/// The argument of `nixlib/command/metadata.nix`.
#[derive(Serialize)]
struct Question<'a> {
    package: &'a LockedPackage,
    python: String,
    metadata: bool,
}

/// The output of `nixlib/build/ask_backend.py`.
#[derive(Serialize, Deserialize)]
struct Answer {
    requires: Vec<String>,
    metadata: Option<Metadata>,
    /// The Python that ran it: that of the target, or the closest one in the package set.
    python: String,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    name: Option<String>,
    version: Option<String>,
    text: String,
}

impl<'a> NixBuilder<'a> {
    /// A builder with this Nix on this system (the target's if unknown) and this cache; offline, a result that is not
    /// cached is an error.
    #[must_use]
    pub fn new(
        nix: &'a Nix,
        cache: Cache,
        limit: Duration,
        offline: bool,
        system: Option<NixSystem>,
    ) -> Self {
        Self {
            nix,
            failures: Failures::new(nix, cache.clone()),
            cache,
            limit,
            offline,
            system,
            ran: RefCell::default(),
        }
    }

    /// Counts the releases of a package whose backends ran, and warns once if there are many.
    fn count(&self, package: &LockedPackage) {
        if !matches!(package.source, LockedSource::Index(_)) {
            return;
        }
        let (Some(name), Some(version)) = (package.project(), package.python_version()) else {
            return;
        };
        let mut ran = self.ran.borrow_mut();
        let versions = ran.entry(name.clone()).or_default();
        if versions.insert(version)
            && versions.len() == BUILDS_BEFORE_ADVICE
            && let Some(newest) = versions.last()
        {
            tracing::warn!("{}", advice(name, &newest.clone().without_local()));
        }
    }

    /// Runs a backend, unless it failed before in the same derivation.
    fn run(&self, question: &Question<'_>, key: Option<&str>) -> Result<Answer, BuildError> {
        let package = question.package;
        let failed = key.and_then(|key| self.failures.get(key));
        // Offline, a result for any state of the package set is used, like a page of any age.
        if let Some(failure) = &failed
            && (self.offline || self.failures.are_final())
        {
            tracing::debug!(
                "the failure of the build backend of {} is in the cache",
                described(package)
            );
            return Err(BuildError::Failed(failure.reason.clone()));
        }
        if self.offline {
            return Err(BuildError::External(IndexError::Offline {
                what: format!("the output of the build backend of {}", described(package)),
            }));
        }
        let derivations = self
            .nix
            .instantiate("command/metadata.nix", question, DEFAULT_TIMEOUT)
            .map_err(|error| external(package, error))?;
        let Some((last, inputs)) = derivations.split_last() else {
            return Err(external(
                package,
                NixError::System("Nix returned no derivation".to_owned()),
            ));
        };
        if let Some(failure) = failed.filter(|failure| failure.is_of(last)) {
            return Err(BuildError::Failed(failure.reason));
        }
        self.count(package);
        tracing::info!("running the build backend of {}", described(package));
        self.build(package, last, inputs).map_err(|error| {
            tracing::info!("the build backend of {} failed", described(package));
            if let (Unbuilt::Cacheable(reason), Some(key)) = (&error, key) {
                self.failures.put(key, last, reason);
            }
            error.into()
        })
    }

    fn build(&self, package: &LockedPackage, last: &Path, inputs: &[PathBuf]) -> Result<Answer, Unbuilt> {
        let unbuilt = |error| Unbuilt::Other(external(package, error));
        self.nix.realise(inputs, None).map_err(|error| match error {
            NixError::Failed { log } if input_cause(&log) != Cause::Machine => {
                Unbuilt::failed(input_refusal(&log), input_cause(&log))
            }
            error => unbuilt(error),
        })?;
        let answer = self.nix.realise(&[last.to_owned()], Some(self.limit));
        let answer = answer.map_err(|error| match error {
            NixError::TimedOut { seconds, log } => {
                let reason = format!(
                    "its build backend did not finish within {seconds} s (MACH_NIX_BUILD_TIME_LIMIT=SECONDS raises the limit){}",
                    backend_output(&log)
                );
                Unbuilt::failed(reason, Cause::Unclear)
            }
            NixError::Failed { log } if cause(&log) != Cause::Machine => {
                Unbuilt::failed(refusal(&package.name.to_string(), &log), cause(&log))
            }
            error => unbuilt(error),
        })?;
        let [path] = answer.as_slice() else {
            return Err(unbuilt(NixError::System("Nix built no output".to_owned())));
        };
        read(path).map_err(|error| unbuilt(NixError::System(format!("{}: {error}", path.display()))))
    }
}

/// The reason why a build backend returned no result.
enum Unbuilt {
    /// The same build would fail again.
    Cacheable(String),
    /// Something else, such as a timeout or a full disk.
    Other(BuildError),
}

impl Unbuilt {
    fn failed(reason: String, cause: Cause) -> Self {
        match cause {
            Cause::Source => Self::Cacheable(reason),
            Cause::Unclear | Cause::Machine => Self::Other(BuildError::Failed(reason)),
        }
    }
}

impl From<Unbuilt> for BuildError {
    fn from(unbuilt: Unbuilt) -> Self {
        match unbuilt {
            Unbuilt::Cacheable(reason) => Self::Failed(reason),
            Unbuilt::Other(error) => error,
        }
    }
}

/// A failure that is not caused by the source.
fn external(package: &LockedPackage, error: NixError) -> BuildError {
    BuildError::External(error.about(format!(
        "only the build backend of {} knows its build requirements, and it runs in a Nix build",
        described(package)
    )))
}

impl SourceBuilder for NixBuilder<'_> {
    fn system(&self) -> Option<NixSystem> {
        self.system
    }

    fn query(
        &self,
        source: &LockedPackage,
        query: BackendQuery,
        target: Target,
    ) -> Result<BackendAnswer, BuildError> {
        let question = Question {
            package: source,
            python: target.python.without_patch().to_string(),
            metadata: query == BackendQuery::Metadata,
        };
        let key = key(&question);
        let cached = key.as_ref().and_then(|key| self.cache.get(BUCKET, key));
        let answer = if let Some(cached) = cached {
            tracing::debug!(
                "the answer of the build backend of {} is in the cache",
                described(source)
            );
            cached
        } else {
            let answer = self.run(&question, key.as_deref())?;
            if let Some(key) = &key {
                self.cache.put(BUCKET, key, &answer);
            }
            answer
        };
        if answer.python != question.python {
            tracing::warn!(
                "this nixpkgs has no Python {}: build backends ran with Python {}, and may give other metadata with {}",
                question.python,
                answer.python,
                question.python
            );
            tracing::info!(
                python = %answer.python,
                "{} was built with another Python to read its metadata",
                described(source)
            );
        }
        if let Some(here) = self.system.filter(|here| *here != target.system)
            && query == BackendQuery::Metadata
        {
            tracing::warn!(
                "build backends ran on {here} for {}: a backend that depends on the machine may give other metadata there",
                target.system
            );
            tracing::info!(%here, "{} was built on another system to read its metadata", described(source));
        }
        parsed(source, answer).map_err(BuildError::Failed)
    }
}

/// The key of the cache: digests of the source and its environment, the Python and the query. A folder has its state
/// instead; `None` where that is unknown, and Nix decides whether the folder has changed.
fn key(question: &Question<'_>) -> Option<String> {
    fn add(package: &LockedPackage, parts: &mut Vec<String>) -> Option<()> {
        parts.push(package.name.to_string());
        parts.push(match &package.source {
            LockedSource::Path { path, file: None } => folder_state(Path::new(path))?,
            _ => package.hash()?.to_hex(),
        });
        if let LockedSource::Direct { subdirectory, .. } = &package.source {
            parts.extend(subdirectory.clone());
        }
        if let LockedSource::Git { git, .. } = &package.source {
            parts.extend(git.subdirectory.clone());
        }
        for package in package.build.iter().flat_map(|build| &build.packages) {
            parts.push("(".to_owned());
            add(package, parts)?;
            parts.push(")".to_owned());
        }
        Some(())
    }
    let mut parts = vec![question.python.clone(), question.metadata.to_string()];
    add(question.package, &mut parts)?;
    Some(Sha256::of(parts.join(" ")).to_hex())
}

fn read(path: &Path) -> Result<Answer, String> {
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    file.take(MAX_ANSWER)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

fn parsed(source: &LockedPackage, answer: Answer) -> Result<BackendAnswer, String> {
    let requirement = |text: &String| {
        lenient_requirement(text).map_err(|error| {
            format!("its build backend returned the invalid build requirement `{text}`: {error}")
        })
    };
    let requires = answer
        .requires
        .iter()
        .map(requirement)
        .collect::<Result<_, _>>()?;
    let metadata = answer
        .metadata
        .map(|metadata| built(source, &metadata))
        .transpose()?;
    Ok(BackendAnswer { requires, metadata })
}

fn built(source: &LockedPackage, metadata: &Metadata) -> Result<BuiltMetadata, String> {
    let name = metadata.name.as_deref().unwrap_or_default();
    if name.parse().ok().as_ref() != Some(&source.name) {
        return Err(format!(
            "it is the source of `{name}`, not of `{}`: correct the name in the requirement",
            source.name
        ));
    }
    let text = metadata.version.as_deref().unwrap_or_default();
    let version: Version = text
        .trim()
        .parse()
        .map_err(|error| format!("its build backend returned the invalid version `{text}`: {error}"))?;
    let metadata = CoreMetadata::parse(metadata.text.as_bytes()).map_err(|error| error.to_string())?;
    Ok(BuiltMetadata {
        version,
        metadata: Arc::new(metadata),
    })
}

fn described(package: &LockedPackage) -> String {
    match package.file() {
        Some(file) => format!("`{}`", file.name),
        None => format!("the source of `{}`", package.name),
    }
}
