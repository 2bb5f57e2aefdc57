//! The forecast that a problem gives to its index, for fetching ahead.

use std::sync::Arc;

use mach_nix_model::{
    CoreMetadata, DistributionFile, ExtraName, Forecast, MarkerEnvironment, PackageName, Project, Provider,
    Providers, Requirement, Version, VersionOrUrl,
};
use pubgrub::VersionSet;
use rustc_hash::FxHashMap;

use crate::candidates::Candidates;
use crate::listing::Listing;
use crate::rules::Rules;
use crate::search::Search;
use crate::slots::SlotSet;

/// The best candidates by what is known without a search: the rules and the user's own requirements and constraints.
struct ByRules {
    rules: Arc<Rules>,
    environment: MarkerEnvironment,
    providers: Providers,
    preferences: FxHashMap<PackageName, Version>,
    /// The user's requirements and constraints that hold.
    limits: FxHashMap<PackageName, Vec<Requirement>>,
}

impl Search<'_> {
    /// Announces the requirements of the problem, with a forecast of what they need.
    pub fn announce_closure(&self) {
        let own = self.own_requirements().into_iter();
        let requirements: Vec<Requirement> = own.map(|root| root.requirement.clone()).collect();
        let mut limits = FxHashMap::<PackageName, Vec<Requirement>>::default();
        let all = self.problem.requirements.iter().chain(self.problem.constraints);
        for root in all.filter(|root| self.holds(&root.requirement)) {
            let known = limits.entry(root.requirement.name.clone()).or_default();
            known.push(root.requirement.clone());
        }
        let preferences = self.problem.preferences.iter();
        let forecast = ByRules {
            rules: self.rules.clone(),
            environment: self.environment.clone(),
            providers: self.problem.policy.providers.clone(),
            preferences: preferences
                .map(|(name, version)| (name.clone(), version.clone()))
                .collect(),
            limits,
        };
        let forecast: Arc<dyn Forecast> = Arc::new(forecast);
        self.index.prefetch_closure(&requirements, &forecast);
    }
}

impl Forecast for ByRules {
    fn wheel(
        &self,
        name: &PackageName,
        project: &Arc<Project>,
        requirements: &[Requirement],
    ) -> Option<DistributionFile> {
        let ranked = self.providers.of(name).ranked();
        let mut providers: Vec<(usize, Provider)> = ranked.map(|(tier, p)| (tier, p.clone())).collect();
        let mut first = providers.iter().filter(|(tier, _)| *tier == 0);
        if first.all(|(_, provider)| *provider == Provider::Nixpkgs) {
            return None;
        }
        providers.reverse();
        let candidates = Candidates::new(
            name,
            Listing::Project(project.clone()),
            providers,
            &self.rules,
            &[],
        );
        let mut set = SlotSet::full();
        for requirement in self.limits.get(name).into_iter().flatten().chain(requirements) {
            match &requirement.version_or_url {
                Some(VersionOrUrl::VersionSpecifier(specifiers)) => {
                    set = set.intersection(&candidates.matching(specifiers));
                }
                Some(VersionOrUrl::Url(_)) => return None,
                None => {}
            }
        }
        let best = candidates.best(&set, self.preferences.get(name))?;
        candidates.wheel(best)
    }

    fn needs(&self, requirements: &[Requirement], metadata: &CoreMetadata) -> Vec<Requirement> {
        let extras: Vec<ExtraName> = requirements.iter().flat_map(|r| r.extras.clone()).collect();
        let holds = |requirement: &&Requirement| requirement.evaluate_markers(&self.environment, &extras);
        metadata.requires_dist.iter().filter(holds).cloned().collect()
    }
}
