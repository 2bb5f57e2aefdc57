//! Hash-checking mode: which files the requirements allow.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_model::AllowedHashes;

use crate::Requirements;

impl Requirements {
    /// The files that these requirements and constraints allow.
    ///
    /// As for pip, hashes are checked for every package as soon as one requirement of a requirements file names a hash.
    /// Those of another tool's lock are for the packages that they are of.
    #[must_use]
    pub fn allowed_hashes(&self) -> AllowedHashes {
        let checks_all = self.checks_hashes();
        let mut packages = BTreeMap::<_, BTreeSet<_>>::new();
        let mut pinned = BTreeSet::new();
        for entry in self.requirements.iter().chain(&self.constraints) {
            let name = &entry.requirement.name;
            let mut hashes = entry.allowed().peekable();
            if entry.is_locked && hashes.peek().is_none() {
                pinned.insert(name.clone());
            } else if checks_all || entry.is_locked {
                packages.entry(name.clone()).or_default().extend(hashes);
            }
        }
        packages.retain(|name, _| !pinned.contains(name));
        if checks_all {
            AllowedHashes::only(packages, pinned)
        } else {
            AllowedHashes::of(packages)
        }
    }
}

#[cfg(test)]
mod tests {
    use mach_nix_hash::Sha256;
    use mach_nix_model::PackageName;

    use crate::parse_requirements;
    use crate::tests::read_one;

    #[test]
    fn one_hash_is_a_promise_for_all() {
        let (good, bad) = (Sha256::of("good"), Sha256::of("bad"));
        let allowed = |text: &str| {
            read_one("r.txt", text, parse_requirements)
                .unwrap()
                .allowed_hashes()
        };
        let name = |name: &str| name.parse::<PackageName>().unwrap();
        let open = allowed("a==1");
        assert!(open.may_allow(&name("a"), Some(&bad)));
        let checked = allowed(&format!("A==1 --hash=sha256:{}", good.to_hex()));
        assert!(checked.may_allow(&name("a"), Some(&good)));
        assert!(!checked.may_allow(&name("a"), Some(&bad)));
        assert!(!checked.may_allow(&name("b"), Some(&good)));
        assert!(checked.is_limited(&name("b")) && !open.is_limited(&name("b")));
        let refusal = checked.check(&name("a"), "a.whl", &bad).unwrap_err();
        assert!(refusal.starts_with("`a.whl` is none of the files"), "{refusal}");
    }
}
