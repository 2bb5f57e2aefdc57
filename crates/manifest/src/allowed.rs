//! Hash-checking mode: the files that the requirements allow.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_model::AllowedHashes;

use crate::Requirements;

impl Requirements {
    /// The files allowed by these requirements and constraints.
    ///
    /// As in pip, hashes are checked for every package as soon as one requirement in a requirements file has a hash.
    /// The hashes in another tool's lock apply only to their own packages.
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
    use mach_nix_hash::{Digest, Digests, Sha256};
    use mach_nix_model::{AllowedHashes, DistributionFile, MetadataFile, PackageName, Yanked};

    use crate::parse_requirements;
    use crate::tests::read_one;

    fn allowed(text: &str) -> AllowedHashes {
        read_one("r.txt", text, parse_requirements)
            .unwrap()
            .allowed_hashes()
    }

    fn name(name: &str) -> PackageName {
        name.parse().unwrap()
    }

    fn file(hash: Option<Sha256>) -> DistributionFile {
        DistributionFile {
            filename: "a.whl".into(),
            url: format!("https://x/{hash:?}").into(),
            hash,
            size: None,
            requires_python: None,
            yanked: Yanked::No,
            upload_time: None,
            metadata_file: MetadataFile::Absent,
        }
    }

    #[test]
    fn one_hash_is_a_promise_for_all() {
        let (good, bad) = (Sha256::of("good"), Sha256::of("bad"));
        let open = allowed("a==1");
        assert!(open.may_allow(&name("a"), &file(Some(bad))));
        let checked = allowed(&format!("A==1 --hash=sha256:{}", good.to_hex()));
        assert!(checked.may_allow(&name("a"), &file(Some(good))));
        assert!(!checked.may_allow(&name("a"), &file(Some(bad))));
        assert!(!checked.may_allow(&name("b"), &file(Some(good))));
        assert!(checked.is_limited(&name("b")) && !open.is_limited(&name("b")));
        let refusal = checked.check(&name("a"), "a.whl", &bad).unwrap_err();
        assert!(refusal.starts_with("`a.whl` is not among the files"), "{refusal}");
    }

    #[test]
    fn a_digest_of_another_algorithm_needs_the_content() {
        let digests = Digests::of("good");
        let strong = Digest::Sha512(digests.sha512).to_pip();
        let other = Sha256::of("b").to_hex();
        let mut allowed = allowed(&format!("a==1 --hash={strong}\nb==1 --hash=sha256:{other}"));
        let (a, b) = (name("a"), name("b"));
        let (good, bad) = (Sha256::of("good"), Sha256::of("bad"));
        for hash in [None, Some(bad)] {
            assert!(allowed.may_allow(&a, &file(hash)) && allowed.needs_content(&a, hash.as_ref()));
            assert!(!allowed.needs_content(&b, hash.as_ref()));
        }
        assert!(allowed.allows(&a, &digests) && !allowed.allows(&a, &Digests::of("bad")));
        allowed.reject(&file(None), bad);
        assert!(!allowed.may_allow(&a, &file(None)) && allowed.may_allow(&a, &file(Some(good))));
        assert_eq!(allowed.digest_of(&file(None)), Some(bad));
    }
}
