//! Dependency groups of a project: `[dependency-groups]` (PEP 735), and the earlier tables of uv and PDM, whose items
//! are dependency specifiers, too.
//!
//! `nixlib/requirements/readPyproject.nix` selects the same groups.

use std::collections::BTreeMap;

use mach_nix_model::ExtraName;

use crate::document::Document;
use crate::project_table::Project;
use crate::selection::known;
use crate::toml_item::{Item, Table};
use crate::{ManifestError, Requirements};

/// The groups of a project.
pub struct Groups<'a> {
    document: &'a Document,
    by_name: BTreeMap<ExtraName, Group<'a>>,
    /// Groups that are defined elsewhere or not supported, with the remedy.
    elsewhere: Vec<(ExtraName, String)>,
    project: Option<Project<'a>>,
}

/// A group with its name as written, and its items.
struct Group<'a> {
    name: &'a str,
    members: Vec<Item<'a>>,
}

impl<'a> Groups<'a> {
    /// Reads the groups of a document.
    pub fn read(root: &Table<'a>) -> Result<Self, ManifestError> {
        let mut groups = BTreeMap::new();
        for (name, item) in entries(root.table("dependency-groups")?) {
            let members = item.array()?;
            if let Some(Group { name: first, .. }) =
                groups.insert(group(name, &item)?, Group { name, members })
            {
                return Err(item.error(format!(
                    "the groups `{first}` and `{name}` have the same name in normal form: rename one (PEP 735)"
                )));
            }
        }
        for (name, item) in older(root)? {
            let known = groups.entry(group(name, &item)?).or_insert(Group {
                name,
                members: Vec::new(),
            });
            known.members.extend(item.array()?);
        }
        Ok(Self {
            document: root.document,
            by_name: groups,
            elsewhere: elsewhere(root)?,
            project: root.table("project")?.map(Project::read).transpose()?,
        })
    }

    /// Whether the project is without groups.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The names of the groups.
    pub fn names(&self) -> impl Iterator<Item = &ExtraName> {
        self.by_name.keys()
    }

    /// Adds the requirements of a group.
    pub fn add(&self, group: &ExtraName, found: &mut Requirements) -> Result<(), ManifestError> {
        if !self.by_name.contains_key(group) {
            let elsewhere = self.elsewhere.iter().find(|(name, _)| name == group);
            return Err(self.document.whole(match elsewhere {
                Some((_, reason)) => reason.clone(),
                None => format!("there is no group `{group}`: {}", self.known()),
            }));
        }
        self.add_members(group, &mut Vec::new(), found)
    }

    fn known(&self) -> String {
        known(self.by_name.values().map(|group| group.name))
    }

    fn add_members(
        &self,
        group: &ExtraName,
        open: &mut Vec<ExtraName>,
        found: &mut Requirements,
    ) -> Result<(), ManifestError> {
        open.push(group.clone());
        for member in self.by_name.get(group).iter().flat_map(|group| &group.members) {
            if member.is_table() {
                let name = self.included(member, open)?;
                self.add_members(&name, open, found)?;
                continue;
            }
            if member.maybe_string().is_some_and(|text| text.starts_with("-e ")) {
                return Err(member.error(
                    "PDM's editable packages are not supported: write `NAME @ file:///FOLDER`, or give the folder as a project",
                ));
            }
            let entry = member.requirement()?;
            match &self.project {
                Some(project) => project.add(entry, &mut Vec::new(), found)?,
                None => found.add(entry),
            }
        }
        open.pop();
        Ok(())
    }

    /// The group in `{ include-group = "NAME" }`.
    fn included(&self, member: &Item<'a>, open: &[ExtraName]) -> Result<ExtraName, ManifestError> {
        let entries = member.table()?.entries();
        let [("include-group", included)] = entries.as_slice() else {
            return Err(member.error(
                "a group has requirements and `{ include-group = \"NAME\" }`, nothing else (PEP 735)",
            ));
        };
        let name: ExtraName = included.parsed("name of a group")?;
        if open.contains(&name) {
            return Err(included.error(format!("the group `{name}` includes itself: delete this")));
        }
        if !self.by_name.contains_key(&name) {
            return Err(included.error(format!("there is no group `{name}`: {}", self.known())));
        }
        Ok(name)
    }
}

fn group(name: &str, item: &Item<'_>) -> Result<ExtraName, ManifestError> {
    name.parse()
        .map_err(|_| item.error(format!("`{name}` is not a name of a group")))
}

fn entries(table: Option<Table<'_>>) -> Vec<(&str, Item<'_>)> {
    table.map(|table| table.entries()).unwrap_or_default()
}

/// The table `[tool.NAME]`.
fn tool<'a>(root: &Table<'a>, name: &'a str) -> Result<Option<Table<'a>>, ManifestError> {
    match root.table("tool")? {
        Some(tool) => tool.table(name),
        None => Ok(None),
    }
}

/// Groups in tables of uv and PDM. They extend the groups of the same names in `[dependency-groups]`.
fn older<'a>(root: &Table<'a>) -> Result<Vec<(&'a str, Item<'a>)>, ManifestError> {
    let mut groups = Vec::new();
    if let Some(item) = tool(root, "uv")?.and_then(|uv| uv.get("dev-dependencies")) {
        groups.push(("dev", item));
    }
    if let Some(pdm) = tool(root, "pdm")? {
        groups.extend(entries(pdm.table("dev-dependencies")?));
    }
    Ok(groups)
}

/// Groups whose items are not dependency specifiers, with the remedy.
fn elsewhere(root: &Table<'_>) -> Result<Vec<(ExtraName, String)>, ManifestError> {
    let mut groups: Vec<(ExtraName, String)> = Vec::new();
    let mut add = |name: &str, reason: String| {
        if let Ok(name) = name.parse() {
            groups.push((name, reason));
        }
    };
    if let Some(poetry) = tool(root, "poetry")? {
        let older = poetry.get("dev-dependencies").map(|_| "dev");
        let current = entries(poetry.table("group")?).into_iter().map(|(name, _)| name);
        for name in older.into_iter().chain(current) {
            add(
                name,
                format!(
                    "the group `{name}` is in Poetry's own form: make a lock with `poetry lock`, and give `poetry.lock` \
                     with the group `{name}`, or write the group into `[dependency-groups]` (PEP 735)"
                ),
            );
        }
    }
    if let Some(hatch) = tool(root, "hatch")? {
        for (name, _) in entries(hatch.table("envs")?) {
            add(
                name,
                format!(
                    "`{name}` is a Hatch environment and not a group: write its `dependencies` into \
                     `[dependency-groups]` (PEP 735), and `dependency-groups = [\"{name}\"]` into the environment"
                ),
            );
        }
    }
    Ok(groups)
}
