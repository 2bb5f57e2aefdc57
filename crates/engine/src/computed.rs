//! What projects require that only a build of them tells.
//!
//! It is asked once for each Python of the targets: the code of a project may look at the Python that runs it. What not all
//! of them tell gets a marker that says for which it is.

use std::path::Path;

use mach_nix_manifest::ComputedProject;
use mach_nix_model::{CoreMetadata, ExtraName, Marker, PackageIndex, PackageName, Requirement};
use mach_nix_resolve::{Origin, RootRequirement};

use crate::build::{BuildError, BuildingIndex};
use crate::terms::check_python;
use crate::{EngineError, Request, SourceBuilder};

impl Request {
    /// Adds what a project requires; `reference` is `NAME @ file:///FOLDER`.
    ///
    /// # Errors
    /// When the project cannot be built, has no such extra, or is for another Python.
    pub fn add_computed(
        &mut self,
        project: &ComputedProject,
        reference: &Requirement,
        index: &dyn PackageIndex,
        builder: &dyn SourceBuilder,
    ) -> Result<(), EngineError> {
        let shown = project.path.display().to_string();
        let mut pythons: Vec<String> = Vec::new();
        let mut found: Vec<(Requirement, Vec<String>)> = Vec::new();
        for target in &self.targets {
            let python = target.python.without_patch().to_string();
            if pythons.contains(&python) {
                continue;
            }
            let index = BuildingIndex::new(self, *target, index, Some(builder));
            let metadata = index.project_metadata(reference).map_err(|error| match error {
                BuildError::World(error) => EngineError::Index(error),
                BuildError::Failed(reason) => EngineError::Untold {
                    file: shown.clone(),
                    reason,
                },
            })?;
            if let Some(specifiers) = &metadata.requires_python {
                check_python(&shown, specifiers, &[*target])?;
            }
            for requirement in selected(project, &reference.name, &metadata)? {
                match found.iter_mut().find(|(known, _)| *known == requirement) {
                    Some((_, of)) if of.contains(&python) => {}
                    Some((_, of)) => of.push(python.clone()),
                    None => found.push((requirement, vec![python.clone()])),
                }
            }
            pythons.push(python);
        }
        for (requirement, of) in found {
            if of.len() == pythons.len() {
                self.add_told(requirement, &project.path);
                continue;
            }
            for python in of {
                let mut requirement = requirement.clone();
                let only: Marker = format!("python_version == '{python}'").parse().expect("a marker");
                requirement.marker.and(only);
                self.add_told(requirement, &project.path);
            }
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

/// The requirements of the project and of the chosen extras, without markers about extras.
fn selected(
    project: &ComputedProject,
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
