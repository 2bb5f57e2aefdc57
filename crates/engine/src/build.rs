//! Sources: their metadata, and the environments they are built in.
//!
//! The build backend of a source reports what the source does not state. It needs an environment of its own, which is
//! resolved first and may hold sources again. A [`SourceBuilder`] runs the backend: that is foreign code, and so belongs
//! into a Nix build.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use mach_nix_lock::LockedBuild;
use mach_nix_model::{
    AllowedHashes, CoreMetadata, Crate, Crates, DistributionFile, FileKind, ForwardingIndex, IndexError,
    PackageIndex, PackageName, Policy, Provider, ProviderPreference, Providers, Referenced, Requirement,
    SourceFacts, Target, builds_with_cargo,
};
use mach_nix_resolve::{Origin, Problem, Refusal, ResolveError, RootRequirement, resolve};

use crate::backend::{BuildError, BuiltMetadata, SourceBuilder, Wish};
use crate::entries::{entries, source_entry};
use crate::source::{BuildEnvironments, Source};
use crate::{EngineError, Request};

/// An index that knows the metadata of sources too, for one target.
pub struct BuildingIndex<'a> {
    index: &'a dyn PackageIndex,
    builder: Option<&'a dyn SourceBuilder>,
    request: &'a Request,
    target: Target,
    /// The sources being built around this one.
    outer: Vec<PackageName>,
    /// By the addresses of sources.
    built: RefCell<BTreeMap<Box<str>, BuildResult>>,
    /// What direct references led to, by the addresses of sources.
    references: RefCell<BTreeMap<Box<str>, Arc<Referenced>>>,
}

type BuildResult = Result<Rc<Built>, BuildError>;

/// What a source is built with, and what comes out.
#[derive(Debug)]
struct Built {
    build: LockedBuild,
    /// `None` when nobody was asked.
    metadata: Option<BuiltMetadata>,
}

impl<'a> BuildingIndex<'a> {
    /// An index over `index`; without a builder, sources have to state everything.
    pub fn new(
        request: &'a Request,
        target: Target,
        index: &'a dyn PackageIndex,
        builder: Option<&'a dyn SourceBuilder>,
    ) -> Self {
        Self {
            index,
            builder,
            request,
            target,
            outer: Vec::new(),
            built: RefCell::default(),
            references: RefCell::default(),
        }
    }

    /// The environment that a project is built in, which is no part of what is resolved.
    pub fn project(&self, reference: &Requirement) -> Result<LockedBuild, BuildError> {
        let referenced = self.index.direct(reference)?;
        self.build(&reference.name, &Source::Direct(&referenced))
    }

    /// What a build of a project says of it.
    pub fn project_metadata(&self, reference: &Requirement) -> Result<Arc<CoreMetadata>, BuildError> {
        let referenced = self.index.direct(reference)?;
        let built = self.built_metadata(&reference.name, &Source::Direct(&referenced))?;
        match &built.metadata.defect {
            Some(defect) => Err(BuildError::Failed(defect.clone())),
            None => Ok(built.metadata),
        }
    }

    fn built(&self, name: &PackageName, source: &Source<'_>, wish: Wish) -> BuildResult {
        let key = &source.file().url;
        match self.built.borrow().get(key) {
            Some(Ok(known)) if wish == Wish::Metadata && known.metadata.is_none() => {}
            Some(known) => return known.clone(),
            None => {}
        }
        let built = self.ask(name, source, wish).map(Rc::new);
        self.built.borrow_mut().insert(key.clone(), built.clone());
        built
    }

    /// The metadata of a source that only its backend knows.
    fn built_metadata(&self, name: &PackageName, source: &Source<'_>) -> Result<BuiltMetadata, BuildError> {
        let built = self.built(name, source, Wish::Metadata)?;
        let unknown = || "its metadata has to be built, and nothing is built here".to_owned();
        built
            .metadata
            .clone()
            .ok_or_else(|| BuildError::Failed(unknown()))
    }

    fn ask(&self, name: &PackageName, source: &Source<'_>, wish: Wish) -> Result<Built, BuildError> {
        if self.outer.contains(name) {
            return Err(BuildError::Failed(format!(
                "{name} is needed to build itself; let it come from a wheel: `--provider {name}=wheel`"
            )));
        }
        let facts = self.index.source(name, source.file())?;
        if let Some(defect) = &facts.defect {
            return Err(BuildError::Failed(defect.clone()));
        }
        let mut requires = facts.build_requires.clone();
        let mut build = self.environment(name, &requires, &facts, self.target)?;
        let Some(builder) = self.builder else {
            return Ok(Built {
                build,
                metadata: None,
            });
        };
        let version = source.version(name).or_else(|| facts.version.clone());
        let mut entry = source_entry(name, version.as_ref(), source, self.index)?;
        // What cannot run here is asked about in an environment that can, and locked all the same.
        let here = Target {
            system: builder.system().unwrap_or(self.target.system),
            ..self.target
        };
        // What a backend asks for after it got what it asked for is its third wish.
        for _ in 0..2 {
            entry.build = Some(if here == self.target {
                build.clone()
            } else {
                self.environment(name, &requires, &facts, here)?
            });
            let answer = builder.ask(&entry, wish, self.target)?;
            let more: Vec<Requirement> = answer
                .requires
                .into_iter()
                .filter(|requirement| !requires.contains(requirement))
                .collect();
            if more.is_empty() {
                if wish == Wish::Metadata && answer.metadata.is_none() {
                    break;
                }
                return Ok(Built {
                    build,
                    metadata: answer.metadata,
                });
            }
            requires.extend(more);
            build = self.environment(name, &requires, &facts, self.target)?;
        }
        Err(BuildError::Failed(
            "its build backend asks for more each time it is asked".to_owned(),
        ))
    }

    /// Resolves what a build backend asks for.
    fn environment(
        &self,
        name: &PackageName,
        requires: &[Requirement],
        facts: &SourceFacts,
        target: Target,
    ) -> Result<LockedBuild, BuildError> {
        let cargo = crates(name, requires, facts)?;
        let mut outer = self.outer.clone();
        outer.push(name.clone());
        let inner = BuildingIndex {
            index: self.index,
            builder: self.builder,
            request: self.request,
            target,
            outer,
            built: RefCell::default(),
            references: RefCell::default(),
        };
        let requirements: Vec<RootRequirement> = requires
            .iter()
            .map(|requirement| RootRequirement {
                requirement: requirement.clone(),
                origin: Origin::Build(name.clone()),
            })
            .collect();
        let none = BTreeMap::new();
        let problem = Problem {
            requirements: &requirements,
            constraints: &[],
            target,
            policy: &Policy {
                providers: build_providers(&self.request.policy.providers),
                hashes: AllowedHashes::default(),
                ..self.request.policy.clone()
            },
            preferences: self.request.build_preferences.get(name).unwrap_or(&none),
        };
        let refused = |error: &dyn std::fmt::Display| {
            BuildError::Failed(format!("its build environment cannot be resolved: {error}"))
        };
        let resolution = match resolve(&problem, &inner) {
            Ok(resolution) => resolution,
            Err(ResolveError::Index(error)) => return Err(error.into()),
            Err(ResolveError::Refused(refusal)) => return Err(refused(&in_one_line(&refusal))),
            Err(error) => return Err(refused(&error)),
        };
        let packages = entries(&[(resolution, inner)]).map_err(|error| match error {
            EngineError::Index(error) => error.into(),
            error => refused(&error),
        })?;
        let mut requires: Vec<String> = requires.iter().map(ToString::to_string).collect();
        requires.sort();
        requires.dedup();
        Ok(LockedBuild {
            requires,
            packages,
            cargo,
        })
    }

    /// The metadata of a wheel of the same release. The authors publish both together, so that it is what building the
    /// source would say (docs/decisions/0010).
    fn wheel_beside(
        &self,
        name: &PackageName,
        file: &DistributionFile,
    ) -> Result<Option<Arc<CoreMetadata>>, IndexError> {
        let Some(project) = self.index.project(name)? else {
            return Ok(None);
        };
        let Some(kind) = FileKind::of(&file.filename, name) else {
            return Ok(None);
        };
        let files = project.files_of(kind.version());
        if !files.iter().any(|other| other.url == file.url) {
            return Ok(None);
        }
        for wheel in files.iter().filter(|other| other.is_wheel()) {
            let metadata = self.index.metadata(name, wheel)?;
            if metadata.defect.is_none() {
                return Ok(Some(metadata));
            }
        }
        Ok(None)
    }

    fn source_metadata(
        &self,
        name: &PackageName,
        file: &DistributionFile,
    ) -> Result<Arc<CoreMetadata>, IndexError> {
        let reference = self.references.borrow().get(&file.url).cloned();
        let source = match &reference {
            Some(referenced) => Source::Direct(referenced),
            None => Source::File(file),
        };
        if reference.is_none()
            && let Some(metadata) = self.wheel_beside(name, file)?
        {
            return Ok(metadata);
        }
        let facts = self.index.source(name, file)?;
        match self.stated_or_built(name, &source, &facts) {
            Ok(metadata) => Ok(metadata),
            Err(BuildError::Failed(defect)) => Ok(Arc::new(CoreMetadata {
                defect: Some(defect),
                ..CoreMetadata::default()
            })),
            Err(BuildError::External(error)) => Err(error),
        }
    }

    /// What a source states of itself, else what its backend says.
    fn stated_or_built(
        &self,
        name: &PackageName,
        source: &Source<'_>,
        facts: &SourceFacts,
    ) -> Result<Arc<CoreMetadata>, BuildError> {
        // What states everything may be impossible to build all the same.
        crates(name, &facts.build_requires, facts)?;
        if let Some(metadata) = &facts.metadata {
            return Ok(metadata.clone());
        }
        let built = self.built_metadata(name, source)?;
        match source.version(name) {
            Some(version) if version != built.version => Err(BuildError::Failed(format!(
                "its build backend says that it is version {}",
                built.version
            ))),
            _ => Ok(built.metadata),
        }
    }
}

/// A refusal as the reason of another one. That one has the remedies: the user did not write the requirements of a build.
fn in_one_line(refusal: &Refusal) -> String {
    let because = refusal.because();
    if because.is_empty() {
        return refusal.headline();
    }
    format!("{} ({})", refusal.headline(), because.join("; "))
}

/// The crates that a source is built with, if its build runs cargo; nobody else may say which those are.
fn crates(
    name: &PackageName,
    requires: &[Requirement],
    facts: &SourceFacts,
) -> Result<Option<Vec<Crate>>, BuildError> {
    if !builds_with_cargo(requires) {
        return Ok(None);
    }
    let reason = match &facts.crates {
        Crates::Pinned(crates) => return Ok(Some(crates.clone())),
        Crates::Unusable(reason) => reason,
        Crates::Unpinned => "it is built with crates of Rust and brings no Cargo.lock that says which",
    };
    Err(BuildError::Failed(format!(
        "{reason}; take a wheel (`--provider {name}=wheel`), or a version that comes with a Cargo.lock of crates.io only"
    )))
}

/// Build tools come as wheels where they can, whatever the packages themselves come from: from source they would each
/// need one another first. What is asked for a single package holds here, too.
fn build_providers(providers: &Providers) -> Providers {
    let default = ProviderPreference::in_order([Provider::Wheel, Provider::Sdist]);
    let mut packages = providers.packages.clone();
    packages.retain(|_, list| !list.allows(&Provider::Nixpkgs));
    Providers { default, packages }
}

impl BuildEnvironments for BuildingIndex<'_> {
    fn build(&self, name: &PackageName, source: &Source<'_>) -> Result<LockedBuild, BuildError> {
        Ok(self.built(name, source, Wish::Requires)?.build.clone())
    }
}

impl ForwardingIndex for BuildingIndex<'_> {
    fn behind(&self) -> &dyn PackageIndex {
        self.index
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        if file.is_wheel() {
            self.index.metadata(name, file)
        } else {
            self.source_metadata(name, file)
        }
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<Referenced>, IndexError> {
        let referenced = self.index.direct(requirement)?;
        if referenced.file.is_wheel() {
            return Ok(referenced);
        }
        let mut followed = self.references.borrow_mut();
        let known = followed
            .entry(referenced.file.url.clone())
            .or_insert(referenced)
            .clone();
        drop(followed);
        if known.version.is_some() {
            return Ok(known);
        }
        match self.built_metadata(&requirement.name, &Source::Direct(&known)) {
            Ok(built) => {
                let versioned = Arc::new(Referenced {
                    version: Some(built.version),
                    ..(*known).clone()
                });
                let key = versioned.file.url.clone();
                self.references.borrow_mut().insert(key, versioned.clone());
                Ok(versioned)
            }
            Err(BuildError::Failed(reason)) => Err(IndexError::BuildFailed {
                what: requirement.to_string(),
                reason,
            }),
            Err(BuildError::External(error)) => Err(error),
        }
    }

    fn expect_metadata(&self, name: &PackageName, file: &DistributionFile) {
        if file.is_wheel() {
            self.index.expect_metadata(name, file);
        }
    }
}
