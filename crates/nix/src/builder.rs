//! Asking the build backends of sources, each in a Nix build.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mach_nix_engine::{BackendAnswer, BuildError, BuiltMetadata, SourceBuilder, Wish};
use mach_nix_fetch::Cache;
use mach_nix_hash::Sha256;
use mach_nix_lock::LockedPackage;
use mach_nix_model::{CoreMetadata, IndexError, Target, Version, lenient_requirement};
use mach_nix_tags::NixSystem;
use serde::{Deserialize, Serialize};

use crate::build_log::{input_refusal, refusal, said};
use crate::{DEFAULT_PATIENCE, Nix, NixError};

/// Default timeout of a build backend. Reading a `setup.py` takes a second; a backend
/// that has to build everything for it, a minute or two.
pub const DEFAULT_BUILD_LIMIT: Duration = Duration::from_mins(2);

/// The longest answer that is read: the fields of the metadata, without the description.
const LONGEST_ANSWER: u64 = 8 * 1024 * 1024;

/// The number is that of the question: `nixlib/build/ask_backend.py`, and what is made of its answer.
const BUCKET: &str = "backends-v2";

/// Asks build backends, and remembers what they said.
pub struct NixBuilder<'a> {
    nix: &'a Nix,
    cache: Cache,
    limit: Duration,
    offline: bool,
    system: Option<NixSystem>,
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
    /// The Python that was asked with: that of the target, or the nearest that the package set has.
    python: String,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    name: Option<String>,
    version: Option<String>,
    text: String,
}

impl<'a> NixBuilder<'a> {
    /// Asks by this Nix on this system (the target's where it is unknown), and keeps the answers in this cache; offline,
    /// what is not kept is an error.
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
            cache,
            limit,
            offline,
            system,
        }
    }

    fn run(&self, question: &Question<'_>) -> Result<Answer, BuildError> {
        let package = question.package;
        let world = |error: NixError| {
            BuildError::External(error.about(format!(
                "only the build backend of {} knows its build requirements, and it runs in a Nix build",
                described(package)
            )))
        };
        let derivations = self
            .nix
            .instantiate("command/metadata.nix", question, DEFAULT_PATIENCE)
            .map_err(world)?;
        let Some((last, inputs)) = derivations.split_last() else {
            return Err(world(NixError::System("Nix named no derivation".to_owned())));
        };
        tracing::info!(package = %package.name, version = %package.version, "asking its build backend");
        self.nix.realise(inputs, None).map_err(|error| match error {
            NixError::Failed { log } => BuildError::Failed(input_refusal(&log)),
            error => world(error),
        })?;
        let answer = self.nix.realise(std::slice::from_ref(last), Some(self.limit));
        let answer = answer.map_err(|error| match error {
            NixError::TimedOut { seconds, log } => BuildError::Failed(format!(
                "its build backend did not answer within {seconds} s (more is given by --build-time-limit){}",
                said(&log)
            )),
            NixError::Failed { log } => BuildError::Failed(refusal(&package.name, &log)),
            error => world(error),
        })?;
        let [path] = answer.as_slice() else {
            return Err(world(NixError::System("Nix built no answer".to_owned())));
        };
        read(path).map_err(|error| world(NixError::System(format!("{}: {error}", path.display()))))
    }
}

impl SourceBuilder for NixBuilder<'_> {
    fn system(&self) -> Option<NixSystem> {
        self.system
    }

    fn ask(&self, source: &LockedPackage, wish: Wish, target: Target) -> Result<BackendAnswer, BuildError> {
        let question = Question {
            package: source,
            python: target.python.without_patch().to_string(),
            metadata: wish == Wish::Metadata,
        };
        let key = key(&question);
        let kept = key.as_ref().and_then(|key| self.cache.get(BUCKET, key));
        let answer = match kept {
            Some(kept) => kept,
            None if self.offline => {
                return Err(BuildError::External(IndexError::Offline {
                    what: format!("what the build backend of {} says", described(source)),
                }));
            }
            None => {
                let answer = self.run(&question)?;
                if let Some(key) = &key {
                    self.cache.put(BUCKET, key, &answer);
                }
                answer
            }
        };
        if answer.python != question.python {
            tracing::warn!(
                "this nixpkgs has no Python {}: build backends ran with Python {}, and may say something else with {}",
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
            && wish == Wish::Metadata
        {
            tracing::warn!(
                "build backends ran on {here} for {}: one that looks at its machine may say something else there",
                target.system
            );
            tracing::info!(%here, "{} was built on another system to read its metadata", described(source));
        }
        understood(source, answer).map_err(BuildError::Failed)
    }
}

/// The answer is a function of the source, of what it is built with, of Python and the question. The names of hashes say
/// the first two; a folder has none, and is asked each time (Nix knows whether it has changed).
fn key(question: &Question<'_>) -> Option<String> {
    fn add(package: &LockedPackage, parts: &mut Vec<String>) -> Option<()> {
        parts.push(package.name.to_string());
        parts.push(package.hash()?.to_hex());
        if let mach_nix_lock::LockedSource::Direct { subdirectory, .. } = &package.source {
            parts.extend(subdirectory.clone());
        }
        if let mach_nix_lock::LockedSource::Git { git, .. } = &package.source {
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
    file.take(LONGEST_ANSWER)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

fn understood(source: &LockedPackage, answer: Answer) -> Result<BackendAnswer, String> {
    let requirement = |text: &String| {
        lenient_requirement(text).map_err(|error| {
            format!("its build backend asks for `{text}` to be built with, which cannot be read: {error}")
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
        .map_err(|error| format!("its build backend says that its version is `{text}`: {error}"))?;
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
