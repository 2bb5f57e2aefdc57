//! The slots of a project that conda packages are candidates of.

use std::sync::Arc;

use mach_nix_conda::CondaRecord;
use mach_nix_model::{Provider, Version};

use crate::conda::OwnedRecords;
use crate::slots::Slot;

/// The slots of a project: a version has one for each provider, and of a channel one for each build.
pub struct Places {
    /// The versions of all candidates, ascending.
    versions: Box<[Version]>,
    places: Vec<Place>,
}

struct Place {
    /// Index of the version.
    release: usize,
    /// Index of the provider.
    provider: usize,
    /// The conda package; `None` for what comes from elsewhere.
    record: Option<Arc<CondaRecord>>,
}

impl Places {
    /// The slots of these versions of indexes and nixpkgs and these conda packages; `None` without conda packages. Conda
    /// packages whose version is not one of PEP 440 are left out: no Python project has such a version.
    pub fn new(others: &[Version], providers: &[(usize, Provider)], conda: &[OwnedRecords]) -> Option<Self> {
        let mut owned: Vec<(Version, usize, Arc<CondaRecord>)> = Vec::new();
        for channel in conda {
            let Some(provider) = providers.iter().position(|(_, one)| *one == channel.provider) else {
                continue;
            };
            for record in &channel.records {
                if let Ok(version) = record.version.as_str().parse::<Version>() {
                    owned.push((version, provider, record.clone()));
                }
            }
        }
        if owned.is_empty() {
            return None;
        }
        // The sort is stable, so builds stay in their order.
        owned.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)).then_with(|| a.2.builds(&b.2)));
        let mut versions: Vec<Version> = others.to_vec();
        versions.extend(owned.iter().map(|(version, ..)| version.clone()));
        versions.sort();
        versions.dedup();
        let mut owned = owned.into_iter().peekable();
        let mut places = Vec::new();
        for (release, version) in versions.iter().enumerate() {
            for (provider, (_, kind)) in providers.iter().enumerate() {
                if !matches!(kind, Provider::Conda(_)) {
                    places.push(Place {
                        release,
                        provider,
                        record: None,
                    });
                    continue;
                }
                while let Some((_, _, record)) =
                    owned.next_if(|(own, of, _)| own == version && *of == provider)
                {
                    places.push(Place {
                        release,
                        provider,
                        record: Some(record),
                    });
                }
            }
        }
        Some(Self {
            versions: versions.into(),
            places,
        })
    }

    /// The versions of all candidates, ascending.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The number of slots.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The index of the version in a slot.
    pub fn release(&self, slot: Slot) -> usize {
        self.places[slot as usize].release
    }

    /// The index of the provider in a slot.
    pub fn provider(&self, slot: Slot) -> usize {
        self.places[slot as usize].provider
    }

    /// The conda package in a slot.
    pub fn record(&self, slot: Slot) -> Option<&Arc<CondaRecord>> {
        self.places[slot as usize].record.as_ref()
    }

    /// Whether the candidate is a variant that conda chooses on request only.
    pub fn is_variant(&self, slot: Slot) -> bool {
        self.record(slot)
            .is_some_and(|record| !record.track_features.is_empty())
    }
}
