//! The table `[project]` of a `pyproject.toml` (PEP 621).

use std::collections::BTreeMap;

use mach_nix_model::{ExtraName, Marker, PackageName, VersionOrUrl};

use crate::selection::{conditional, known};
use crate::toml_item::{Item, Table};
use crate::{Entry, ManifestError, Requirements, RequiresPython, Selection};

/// `[project]` (PEP 621)
pub struct Project<'a> {
    table: Table<'a>,
    name: Option<PackageName>,
    extras: BTreeMap<ExtraName, Item<'a>>,
}

impl<'a> Project<'a> {
    /// Reads the table.
    pub fn read(table: Table<'a>) -> Result<Self, ManifestError> {
        let mut extras = BTreeMap::new();
        for (name, item) in table
            .table("optional-dependencies")?
            .iter()
            .flat_map(Table::entries)
        {
            let extra: ExtraName = name
                .parse()
                .map_err(|_| item.error(format!("`{name}` is not a name of an extra")))?;
            if extras.insert(extra, item).is_some() {
                return Err(item.error(format!("there are two extras named `{name}`: names are compared without regard to case, `-`, `_` and `.`")));
            }
        }
        Ok(Self {
            name: table.get("name").map(|name| name.package_name()).transpose()?,
            table,
            extras,
        })
    }

    /// The name, if it is stated.
    pub fn name(&self) -> Option<&PackageName> {
        self.name.as_ref()
    }

    /// The names of the extras.
    pub fn extra_names(&self) -> impl Iterator<Item = &ExtraName> {
        self.extras.keys()
    }

    /// The error if the selected metadata is dynamic.
    pub fn dynamic(&self, selection: &Selection) -> Result<Option<ManifestError>, ManifestError> {
        let is_wanted = |item: &Item<'_>| match item.maybe_string() {
            Some("dependencies") => true,
            Some("optional-dependencies") => !selection.extras.is_empty(),
            _ => false,
        };
        let dynamic = self.table.array("dynamic")?.into_iter().find(is_wanted);
        Ok(dynamic.map(|item| {
            item.error(format!(
                "`{}` is dynamic: only a build of the project determines it, and nothing is built here; \
                 write it into `[project]`, or give a requirements file",
                item.maybe_string().unwrap_or_default()
            ))
        }))
    }

    /// The supported Python versions.
    pub fn requires_python(&self) -> Result<Option<RequiresPython>, ManifestError> {
        self.table
            .get("requires-python")
            .map(|item| item.requires_python())
            .transpose()
    }

    /// Adds the dependencies of the project without extras.
    pub fn add_dependencies(&self, found: &mut Requirements) -> Result<(), ManifestError> {
        for item in self.table.array("dependencies")? {
            self.add(item.requirement()?, &mut Vec::new(), found)?;
        }
        Ok(())
    }

    /// Adds the dependencies of an extra.
    pub fn add_extra(&self, extra: &ExtraName, found: &mut Requirements) -> Result<(), ManifestError> {
        if !self.extras.contains_key(extra) {
            let known = known(self.extras.keys());
            return Err(self
                .table
                .document
                .whole(format!("there is no extra `{extra}`: {known}")));
        }
        self.add_members(extra, &Marker::TRUE, &mut Vec::new(), found)
    }

    fn add_members(
        &self,
        extra: &ExtraName,
        condition: &Marker,
        open: &mut Vec<ExtraName>,
        found: &mut Requirements,
    ) -> Result<(), ManifestError> {
        // An extra that requires itself adds nothing, as in pip and uv.
        if open.contains(extra) {
            return Ok(());
        }
        open.push(extra.clone());
        for item in self
            .extras
            .get(extra)
            .map(Item::array)
            .transpose()?
            .unwrap_or_default()
        {
            let mut entry = item.requirement()?;
            entry.requirement = conditional(&entry.requirement, condition);
            self.add(entry, open, found)?;
        }
        open.pop();
        Ok(())
    }

    /// Adds a dependency. The project's own name with extras stands for the dependencies of these extras.
    pub fn add(
        &self,
        entry: Entry,
        open: &mut Vec<ExtraName>,
        found: &mut Requirements,
    ) -> Result<(), ManifestError> {
        let requirement = &entry.requirement;
        let is_self = self.name.as_ref() == Some(&requirement.name)
            && !matches!(requirement.version_or_url, Some(VersionOrUrl::Url(_)));
        if !is_self {
            found.add(entry);
            return Ok(());
        }
        // Its marker is part of the request.
        found.lines.push(entry.location.text.clone());
        for extra in &requirement.extras {
            if !self.extras.contains_key(extra) {
                return Err(entry.error(format!(
                    "the project has no extra `{extra}`: {}",
                    known(self.extras.keys())
                )));
            }
            self.add_members(extra, &requirement.marker, open, found)?;
        }
        Ok(())
    }
}
