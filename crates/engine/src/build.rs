//! Sources: their metadata and build environments.
//!
//! The build backend of a source provides its dynamic metadata. It needs its own environment, which is resolved first
//! and may contain sources in turn. A [`SourceBuilder`] runs the backend, which is foreign code, in a Nix build.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use mach_nix_lock::LockedBuild;
use mach_nix_model::{
    AllowedHashes, CondaPolicy, CoreMetadata, Crate, Crates, DirectReference, DistributionFile, FileKind,
    ForwardingIndex, IndexError, PackageIndex, PackageName, Policy, Provider, ProviderPreference, Providers,
    Requirement, StaticMetadata, Target, builds_with_cargo,
};
use mach_nix_resolve::{Origin, Problem, Refusal, ResolveError, RootRequirement, resolve};

use crate::backend::{BackendQuery, BuildError, BuiltMetadata, SourceBuilder};
use crate::entries::{entries, source_entry};
use crate::source::{BuildEnvironments, Source};
use crate::{EngineError, Request};

/// An index that also provides the metadata of sources, for one target.
pub struct BuildingIndex<'a> {
    index: &'a dyn PackageIndex,
    builder: Option<&'a dyn SourceBuilder>,
    request: &'a Request,
    target: Target,
    /// The sources whose builds need this one.
    outer: Vec<PackageName>,
    /// The results by URL of the source.
    built: RefCell<BTreeMap<Box<str>, BuildResult>>,
    /// The targets of direct references, by URL of the source.
    references: RefCell<BTreeMap<Box<str>, Arc<DirectReference>>>,
}

type BuildResult = Result<Rc<Built>, BuildError>;

/// The build environment of a source, and its metadata.
#[derive(Debug)]
struct Built {
    build: LockedBuild,
    /// `None` if it was not requested.
    metadata: Option<BuiltMetadata>,
}

impl<'a> BuildingIndex<'a> {
    /// An index over `index`; without a builder, sources need static metadata.
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

    /// The build environment of a project, which is not part of the resolution.
    pub fn project(&self, reference: &Requirement) -> Result<LockedBuild, BuildError> {
        let referenced = self.index.direct(reference)?;
        self.build(&reference.name, &Source::Direct(&referenced))
    }

    /// The metadata of a project, from its build.
    pub fn project_metadata(&self, reference: &Requirement) -> Result<Arc<CoreMetadata>, BuildError> {
        let referenced = self.index.direct(reference)?;
        let built = self.built_metadata(&reference.name, &Source::Direct(&referenced))?;
        match &built.metadata.defect {
            Some(defect) => Err(BuildError::Failed(defect.clone())),
            None => Ok(built.metadata),
        }
    }

    fn built(&self, name: &PackageName, source: &Source<'_>, query: BackendQuery) -> BuildResult {
        let key = &source.file().url;
        match self.built.borrow().get(key) {
            Some(Ok(known)) if query == BackendQuery::Metadata && known.metadata.is_none() => {}
            Some(known) => return known.clone(),
            None => {}
        }
        let built = self.query_backend(name, source, query).map(Rc::new);
        self.built.borrow_mut().insert(key.clone(), built.clone());
        built
    }

    /// The dynamic metadata of a source, from its backend.
    fn built_metadata(&self, name: &PackageName, source: &Source<'_>) -> Result<BuiltMetadata, BuildError> {
        let built = self.built(name, source, BackendQuery::Metadata)?;
        let unknown = || "its metadata has to be built, and nothing is built here".to_owned();
        built
            .metadata
            .clone()
            .ok_or_else(|| BuildError::Failed(unknown()))
    }

    fn query_backend(
        &self,
        name: &PackageName,
        source: &Source<'_>,
        query: BackendQuery,
    ) -> Result<Built, BuildError> {
        if self.outer.contains(name) {
            return Err(BuildError::Failed(format!(
                "{name} is needed to build itself; use the provider `wheel` for it"
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
        // A backend that cannot run here is queried in an environment that can, and the other environment is locked.
        let here = Target {
            system: builder.system().unwrap_or(self.target.system),
            ..self.target
        };
        // A backend with all its requirements must not have further ones.
        for _ in 0..2 {
            entry.build = Some(if here == self.target {
                build.clone()
            } else {
                self.environment(name, &requires, &facts, here)?
            });
            let answer = builder.query(&entry, query, self.target)?;
            let more: Vec<Requirement> = answer
                .requires
                .into_iter()
                .filter(|requirement| !requires.contains(requirement))
                .collect();
            if more.is_empty() {
                if query == BackendQuery::Metadata && answer.metadata.is_none() {
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
            "its build backend returns further requirements each time".to_owned(),
        ))
    }

    /// Resolves the requirements of a build backend.
    fn environment(
        &self,
        name: &PackageName,
        requires: &[Requirement],
        facts: &StaticMetadata,
        target: Target,
    ) -> Result<LockedBuild, BuildError> {
        let cargo = crates(requires, facts)?;
        tracing::info!("resolving the build environment of {name}");
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
        let (none, no_files) = (BTreeMap::new(), BTreeSet::new());
        let problem = Problem {
            requirements: &requirements,
            constraints: &[],
            target,
            policy: &Policy {
                providers: build_providers(&self.request.policy.providers),
                hashes: AllowedHashes::default(),
                conda: CondaPolicy::default(),
                ..self.request.policy.clone()
            },
            preferences: self.request.build_preferences.get(name).unwrap_or(&none),
            conda: &[],
            conda_preferences: &no_files,
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
        let packages = entries(&[(resolution, inner)], false).map_err(|error| match error {
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

    /// The metadata of a wheel of the same release. The authors publish both together, so that a build of the source
    /// would give the same (docs/decisions/0010).
    fn wheel_of_release(
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
            && let Some(metadata) = self.wheel_of_release(name, file)?
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

    /// The static metadata of a source, or that of its backend.
    fn stated_or_built(
        &self,
        name: &PackageName,
        source: &Source<'_>,
        facts: &StaticMetadata,
    ) -> Result<Arc<CoreMetadata>, BuildError> {
        // A source with static metadata may still be impossible to build.
        crates(&facts.build_requires, facts)?;
        if let Some(metadata) = &facts.metadata {
            return Ok(metadata.clone());
        }
        let built = self.built_metadata(name, source)?;
        match source.version(name) {
            Some(version) if version != built.version => Err(BuildError::Failed(format!(
                "its build backend gives it the version {}",
                built.version
            ))),
            _ => Ok(built.metadata),
        }
    }
}

/// A refusal as the reason of another one, without its remedies, because the user did not write the requirements of a
/// build.
fn in_one_line(refusal: &Refusal) -> String {
    let because = refusal.because();
    if because.is_empty() {
        return refusal.headline();
    }
    format!("{} ({})", refusal.headline(), because.join("; "))
}

/// The crates of a source, if its build runs cargo; only its own `Cargo.lock` may choose them.
fn crates(requires: &[Requirement], facts: &StaticMetadata) -> Result<Option<Vec<Crate>>, BuildError> {
    if !builds_with_cargo(requires) {
        return Ok(None);
    }
    let reason = match &facts.crates {
        Crates::Pinned(crates) => return Ok(Some(crates.clone())),
        Crates::Unusable(reason) => reason,
        Crates::Unpinned => "it is built with Rust crates and has no Cargo.lock that pins them",
    };
    Err(BuildError::Failed(format!(
        "{reason}; use a wheel, or a version whose Cargo.lock has only crates of crates.io"
    )))
}

/// Build tools come from wheels if possible, regardless of the providers of packages: built from source, they would
/// need each other first. The providers of individual packages apply here too.
fn build_providers(providers: &Providers) -> Providers {
    let default = ProviderPreference::in_order([Provider::Wheel, Provider::Sdist]);
    let mut packages = providers.packages.clone();
    packages.retain(|_, list| !list.allows(&Provider::Nixpkgs) && list.channels().next().is_none());
    Providers { default, packages }
}

impl BuildEnvironments for BuildingIndex<'_> {
    fn build(&self, name: &PackageName, source: &Source<'_>) -> Result<LockedBuild, BuildError> {
        Ok(self.built(name, source, BackendQuery::Requires)?.build.clone())
    }
}

impl ForwardingIndex for BuildingIndex<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.index
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        if file.is_wheel() {
            self.index.metadata(name, file)
        } else {
            self.source_metadata(name, file)
        }
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
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
                let versioned = Arc::new(DirectReference {
                    version: Some(built.version),
                    ..(*known).clone()
                });
                let key = versioned.file.url.clone();
                self.references.borrow_mut().insert(key, versioned.clone());
                Ok(versioned)
            }
            Err(BuildError::External(error)) => Err(error),
            Err(failed @ BuildError::Failed(_)) => Err(IndexError::BuildFailed {
                what: requirement.to_string(),
                cause: Arc::new(failed),
            }),
        }
    }

    fn prefetch_metadata(&self, name: &PackageName, file: &DistributionFile) {
        if file.is_wheel() {
            self.index.prefetch_metadata(name, file);
        }
    }
}
