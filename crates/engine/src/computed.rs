//! What projects require that only a build of them tells.
//!
//! It is asked once for each Python of the targets: the code of a project may look at the Python that runs it. What not all
//! of them tell gets a marker that says for which it is.

use std::path::Path;

use mach_nix_manifest::DynamicProject;
use mach_nix_model::{CoreMetadata, ExtraName, Marker, PackageIndex, PackageName, Requirement};
use mach_nix_resolve::{Origin, RootRequirement};

use crate::backend::BuildError;
use crate::build::BuildingIndex;
use crate::options::check_python;
use crate::{EngineError, Request, SourceBuilder};

impl Request {
    /// Adds what a project requires; `reference` is `NAME @ file:///FOLDER`.
    ///
    /// # Errors
    /// When the project cannot be built, has no such extra, or is for another Python.
    pub fn add_computed(
        &mut self,
        project: &DynamicProject,
        reference: &Requirement,
        index: &dyn PackageIndex,
        builder: &dyn SourceBuilder,
    ) -> Result<(), EngineError> {
        let shown = project.path.display().to_string();
        let mut told: Vec<(String, Vec<Requirement>)> = Vec::new();
        for target in &self.targets {
            let python = target.python.without_patch().to_string();
            if told.iter().any(|(known, _)| *known == python) {
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
            told.push((python, selected(project, &reference.name, &metadata)?));
        }
        for requirement in together(&told) {
            self.add_told(requirement, &project.path);
        }
        Ok(())
    }

    fn add_told(&mut self, requirement: Requirement, path: &Path) {
        if !self.lines.is_empty() {
            self.lines.push('\n');
        }
        self.lines.push_str(&requirement.to_string());
        self.requirements.push(RootRequirement {
            requirement,
            origin: Origin::Told(path.display().to_string()),
        });
    }
}

/// What each Python was told; what not all were told says for which it is.
fn together(told: &[(String, Vec<Requirement>)]) -> Vec<Requirement> {
    let mut all: Vec<Requirement> = Vec::new();
    for (python, requirements) in told {
        let only: Marker = format!("python_version == '{python}'").parse().expect("a marker");
        for requirement in requirements {
            let mut requirement = requirement.clone();
            if !told.iter().all(|(_, other)| other.contains(&requirement)) {
                requirement.marker.and(only.clone());
            }
            if !all.contains(&requirement) {
                all.push(requirement);
            }
        }
    }
    all
}

/// The requirements of the project and of the chosen extras, without markers about extras.
fn selected(
    project: &DynamicProject,
    name: &PackageName,
    metadata: &CoreMetadata,
) -> Result<Vec<Requirement>, EngineError> {
    let provided = &metadata.provides_extra;
    if let Some(extra) = project.extras.iter().find(|extra| !provided.contains(extra)) {
        let known: Vec<String> = provided.iter().map(|extra| format!("`{extra}`")).collect();
        let known = if known.is_empty() {
            "there are none".to_owned()
        } else {
            format!("there are {}", known.join(", "))
        };
        let complaint = project.error(format!("there is no extra `{extra}`: {known}"));
        return Err(EngineError::Manifest(complaint));
    }
    // The project's own name with extras stands for what these extras have.
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
    fn what_some_pythons_are_told_is_for_them() {
        let told = |python: &str, texts: &[&str]| {
            let requirements = texts.iter().map(|text| text.parse().unwrap()).collect();
            (python.to_owned(), requirements)
        };
        let all = together(&[
            told("3.10", &["a", "tomli ; os_name == 'posix'", "a"]),
            told("3.12", &["b>=2", "a"]),
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
