//! Dynamic requirements of projects, from their builds.
//!
//! A project is built once per Python of the targets, because its code may depend on the Python that runs it. A
//! requirement for only some of them gets a marker.

use std::path::Path;

use mach_nix_manifest::{DynamicProject, Requirements, available_names};
use mach_nix_model::{CoreMetadata, ExtraName, Marker, PackageIndex, PackageName, Requirement};
use mach_nix_resolve::{Origin, RootRequirement};

use crate::backend::BuildError;
use crate::build::BuildingIndex;
use crate::options::check_python;
use crate::{EngineError, Request, RequestOptions, SourceBuilder};

impl Request {
    /// The request of these requirements and options, for which projects with dynamic metadata are built.
    ///
    /// # Errors
    /// Those of [`Request::new`]; and if a project cannot be built, lacks an extra, or does not support a Python.
    pub fn with_builds(
        mut found: Requirements,
        options: RequestOptions,
        index: &dyn PackageIndex,
        builder: &dyn SourceBuilder,
    ) -> Result<Self, EngineError> {
        found.check()?;
        let dynamic = std::mem::take(&mut found.projects.dynamic);
        let mut request = Self::new(found, options)?;
        for project in &dynamic {
            request.build_project(project, index, builder)?;
        }
        Ok(request)
    }

    /// Adds the requirements of a project.
    fn build_project(
        &mut self,
        project: &DynamicProject,
        index: &dyn PackageIndex,
        builder: &dyn SourceBuilder,
    ) -> Result<(), EngineError> {
        let Some(reference) = &project.reference else {
            return Err(EngineError::Manifest(project.error(
                "the name of the project cannot be read from its files: write it as `name = \"…\"` into one of them",
            )));
        };
        let shown = project.path.display().to_string();
        let mut reported: Vec<(String, Vec<Requirement>)> = Vec::new();
        for target in &self.targets {
            let python = target.python.without_patch().to_string();
            if reported.iter().any(|(known, _)| *known == python) {
                continue;
            }
            let index = BuildingIndex::new(self, *target, index, Some(builder));
            let metadata = index.project_metadata(reference).map_err(|error| match error {
                BuildError::External(error) => EngineError::Index(error),
                BuildError::Failed(reason) => EngineError::NoMetadata {
                    file: shown.clone(),
                    reason,
                },
            })?;
            if let Some(specifiers) = &metadata.requires_python {
                check_python(&shown, specifiers, &[*target])?;
            }
            let environment = target.marker_environment();
            if let Some(reason) = metadata.unreadable_with(&environment, &project.extras) {
                return Err(EngineError::NoMetadata {
                    file: shown,
                    reason: reason.to_owned(),
                });
            }
            reported.push((python, selected(project, &reference.name, &metadata)?));
        }
        for requirement in combined(&reported) {
            self.add_dynamic(requirement, &project.path);
        }
        Ok(())
    }

    fn add_dynamic(&mut self, requirement: Requirement, path: &Path) {
        if !self.lines.is_empty() {
            self.lines.push('\n');
        }
        self.lines.push_str(&requirement.to_string());
        self.requirements.push(RootRequirement {
            requirement,
            origin: Origin::DynamicMetadata(path.display().to_string()),
        });
    }
}

/// The requirements for all Pythons. A requirement for only some of them gets a marker.
fn combined(reported: &[(String, Vec<Requirement>)]) -> Vec<Requirement> {
    let mut all: Vec<Requirement> = Vec::new();
    for (python, requirements) in reported {
        let only: Marker = format!("python_version == '{python}'").parse().expect("a marker");
        for requirement in requirements {
            let mut requirement = requirement.clone();
            if !reported.iter().all(|(_, other)| other.contains(&requirement)) {
                requirement.marker.and(only.clone());
            }
            if !all.contains(&requirement) {
                all.push(requirement);
            }
        }
    }
    all
}

/// The requirements of the project and of the selected extras, without markers about extras.
fn selected(
    project: &DynamicProject,
    name: &PackageName,
    metadata: &CoreMetadata,
) -> Result<Vec<Requirement>, EngineError> {
    let provided = &metadata.provides_extra;
    if let Some(extra) = project.extras.iter().find(|extra| !provided.contains(extra)) {
        let known = available_names(provided);
        let error = project.error(format!("there is no extra `{extra}`: {known}"));
        return Err(EngineError::Manifest(error));
    }
    // The project's own name with extras stands for the dependencies of these extras.
    let is_own = |requirement: &Requirement| requirement.name == *name;
    let mut extras: Vec<ExtraName> = project.extras.clone();
    loop {
        let required = metadata.requires_dist.iter().filter_map(|requirement| {
            let marker = requirement.marker.with_extras(&extras)?;
            Some(Requirement {
                marker,
                ..requirement.clone()
            })
        });
        let required: Vec<Requirement> = required.collect();
        let own = required.iter().filter(|requirement| is_own(requirement));
        let mut more: Vec<ExtraName> = own.flat_map(|own| own.extras.clone()).collect();
        more.retain(|extra| !extras.contains(extra));
        if more.is_empty() {
            return Ok(required.into_iter().filter(|one| !is_own(one)).collect());
        }
        extras.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_of_some_pythons_get_a_marker() {
        let reported = |python: &str, texts: &[&str]| {
            let requirements = texts.iter().map(|text| text.parse().unwrap()).collect();
            (python.to_owned(), requirements)
        };
        let all = combined(&[
            reported("3.10", &["a", "tomli ; os_name == 'posix'", "a"]),
            reported("3.12", &["b>=2", "a"]),
        ]);
        let all: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(
            all,
            [
                "a",
                "tomli ; os_name == 'posix' and python_version == '3.10'",
                "b>=2 ; python_version == '3.12'"
            ]
        );
    }
}
