//! The properties of a target that conda packages depend on.

use std::sync::Arc;

use mach_nix_conda::{CondaName, CondaRecord, CondaSpec, Interpreter, VirtualPackage, VirtualPackages};
use mach_nix_model::{CondaPolicy, Target, Timestamp};
use mach_nix_tags::PythonVersion;

/// Patch numbers of Python are below this.
const PATCH_NUMBERS: u8 = 100;

/// The properties of a target that conda packages depend on: its virtual packages and its Python.
pub struct Properties {
    python: PythonVersion,
    interpreter: Interpreter,
    virtual_packages: VirtualPackages,
}

impl Properties {
    /// The properties of a target; `None` where no conda channels are in use.
    pub fn new(target: Target, policy: &CondaPolicy) -> Option<Self> {
        (!policy.channels.is_empty()).then(|| Self {
            python: target.python,
            interpreter: Interpreter::of(target.python),
            virtual_packages: policy.packages_of(target.system),
        })
    }

    /// Whether a name stands for a property of the target, and is never installed.
    pub fn has(name: &CondaName) -> bool {
        name.is_virtual() || Interpreter::owns(name)
    }

    /// The property of this name.
    fn get(&self, name: &CondaName) -> Option<&VirtualPackage> {
        self.virtual_packages
            .get(name)
            .or_else(|| self.interpreter.get(name))
    }

    /// Whether the target meets a spec about a property.
    pub fn meet(&self, spec: &CondaSpec) -> bool {
        self.get(spec.name()).is_some_and(|property| property.meets(spec))
    }

    /// Whether a spec about Python is met by another patch release of the target's Python. The user writes such specs
    /// because conda exports them; which patch release it is, nixpkgs decides.
    pub fn meet_with_another_patch(&self, spec: &CondaSpec) -> bool {
        let short = self.python.without_patch();
        spec.name().as_str() == "python"
            && (0..PATCH_NUMBERS).any(|patch| {
                let python = format!("{short}.{patch}").parse();
                python.is_ok_and(|python| Interpreter::of(python).meets(spec) == Some(true))
            })
    }

    /// Why a record is unusable for the target, if it is; files from `limit` on do not count.
    pub fn unusable(&self, record: &CondaRecord, limit: Option<Timestamp>) -> Option<String> {
        if let Some(limit) = limit {
            match record.time() {
                None => return Some("its time is unknown, and there is a date limit".to_owned()),
                Some(time) if time >= limit.milliseconds() => {
                    return Some("it is newer than the date limit".to_owned());
                }
                Some(_) => {}
            }
        }
        let about = |spec: &&Arc<CondaSpec>| Self::has(spec.name());
        let missing = record.depends.iter().filter(about).find(|spec| !self.meet(spec));
        if let Some(spec) = missing {
            return Some(format!("it needs `{spec}`, and {}", self.state(spec.name())));
        }
        let excluded = record
            .constrains
            .iter()
            .filter(about)
            .find(|spec| self.get(spec.name()).is_some() && !self.meet(spec));
        excluded.map(|spec| format!("it allows `{spec}` only, and {}", self.state(spec.name())))
    }

    /// What the target has under the name of a property.
    pub fn state(&self, name: &CondaName) -> String {
        match self.get(name) {
            Some(property) if name.as_str() == "python" => {
                format!("this is for Python {}", property.version)
            }
            Some(property) if &*property.build == "0" => {
                format!("the target has {name} {}", property.version)
            }
            Some(property) => format!("the target has {name} {} {}", property.version, property.build),
            None => format!("the target has no {name}"),
        }
    }
}
