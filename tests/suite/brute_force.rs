//! The resolver next to a search that tries everything, on thousands of small worlds.
//!
//! A failure prints the smallest world found as a scenario, ready for `fixtures/scenarios`. `MACH_NIX_TEST_SEED` varies
//! the worlds.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::cell::Cell;

use mach_nix_model::{PackageIndex, PackageName};
use mach_nix_resolve::{Problem, ResolveError, resolve};
use mach_nix_tests::{
    Attribute, Cases, Exhaustive, MemoryIndex, Resort, SEED, Scenario, Solution, small_universe,
    small_universe_with_nixpkgs,
};

const WORLDS: u32 = 10_000;

/// What the worlds of a run were like: a run in which hardly anything conflicts would prove little.
#[derive(Default)]
struct Kinds {
    solved: Cell<u32>,
    contested: Cell<u32>,
    last_resort: Cell<u32>,
}

#[test]
fn satisfiable_or_not_and_the_preferred_solution() {
    let kinds = Kinds::default();
    let check = |scenario: &Scenario| compare(scenario, &kinds);
    if let Some(found) = Cases::new(WORLDS).failure(&small_universe(), check) {
        let smallest = found.pruned(|scenario| compare(scenario, &kinds).is_err());
        let complaint = compare(&smallest, &kinds).unwrap_err();
        panic!(
            "{complaint}; {SEED} varies the worlds. The smallest one:\n\n{}",
            smallest.write()
        );
    }
    let Kinds {
        solved,
        contested,
        last_resort,
    } = kinds;
    let (solved, contested, last_resort) = (solved.get(), contested.get(), last_resort.get());
    println!(
        "of {WORLDS}: {solved} solved, {contested} with a choice, {last_resort} with pre-releases at last"
    );
    assert!(
        (WORLDS / 4..WORLDS * 3 / 4).contains(&solved),
        "lopsided: {solved} of {WORLDS} have a solution"
    );
    assert!(contested > WORLDS / 10, "only {contested} leave a choice");
    assert!(
        last_resort > WORLDS / 200,
        "only {last_resort} need pre-releases at last"
    );
}

/// With nixpkgs, which is asked late: the answer is one that the rules prefer, as far as nixpkgs was asked; when there is no
/// answer, there is none; and nixpkgs is asked for no more than what has nothing else, where that will do.
#[test]
fn nixpkgs_is_asked_for_what_matters() {
    let (found, late) = (Cell::new(0), Cell::new(0));
    let check = |scenario: &Scenario| compare_with_nixpkgs(scenario, &found, &late);
    if let Some(failing) = Cases::new(WORLDS / 2).failure(&small_universe_with_nixpkgs(), check) {
        let smallest = failing.pruned(|scenario| check(scenario).is_err());
        let complaint = check(&smallest).unwrap_err();
        panic!(
            "{complaint}; {SEED} varies the worlds. The smallest one:\n\n{}",
            smallest.write()
        );
    }
    let (found, late) = (found.get(), late.get());
    println!("{found} solved, {late} after nixpkgs was asked for more");
    assert!(found > WORLDS / 8, "only {found} have a solution");
    assert!(
        late > WORLDS / 400,
        "only {late} have one because nixpkgs was asked late"
    );
}

fn compare_with_nixpkgs(scenario: &Scenario, found: &Cell<u32>, late: &Cell<u32>) -> Result<(), String> {
    let index = MemoryIndex::of(scenario);
    let (_, _, all) = solutions(scenario);
    let solution = match (run(scenario, &index)?, all.as_slice()) {
        (None, []) => return Ok(()),
        (None, [first, ..]) => return Err(format!("refused, but there is {}", shown(first))),
        (Some(solution), _) if !all.contains(&solution) => {
            return Err(format!("found {}, which does not satisfy", shown(&solution)));
        }
        (Some(solution), _) => solution,
    };
    found.set(found.get() + 1);
    // What was never asked for does not exist for the search.
    let asked = index.asked_of_nixpkgs();
    let (seen, _, among) = solutions(&limited(scenario, &|name| asked.contains(name)));
    if !seen.prefers(&solution, &among) {
        let all: Vec<String> = among.iter().map(shown).collect();
        let all = all.join(" | ");
        return Err(format!(
            "found {}, which is not preferred among {all}",
            shown(&solution)
        ));
    }
    let providers = scenario.ask.request().policy.providers;
    let world = Exhaustive::new(scenario);
    let needed = |name: &PackageName| world.needs_nixpkgs(name, &providers);
    let (_, resort, without) = solutions(&limited(scenario, &needed));
    let more = asked.iter().any(|name| !needed(name));
    late.set(late.get() + u32::from(more));
    if more && resort == Resort::First && !without.is_empty() {
        return Err(format!(
            "nixpkgs was asked for {asked:?}, and there is {}",
            shown(&without[0])
        ));
    }
    Ok(())
}

/// The scenario with a nixpkgs that has some packages only.
fn limited(scenario: &Scenario, keep: &dyn Fn(&PackageName) -> bool) -> Scenario {
    let mut scenario = scenario.clone();
    let name = |attribute: &Attribute| attribute.name_and_version().0.parse().unwrap();
    scenario.nixpkgs.retain(|attribute| keep(&name(attribute)));
    scenario
}

/// The world of a scenario, and all its solutions, with pre-releases at last where there are no others.
fn solutions(scenario: &Scenario) -> (Exhaustive, Resort, Vec<Solution>) {
    let world = Exhaustive::new(scenario);
    let mut resort = Resort::First;
    let mut solutions = world.solutions(resort);
    if solutions.is_empty() {
        resort = Resort::Last;
        solutions = world.solutions(resort);
    }
    (world, resort, solutions)
}

fn compare(scenario: &Scenario, kinds: &Kinds) -> Result<(), String> {
    let (world, resort, solutions) = solutions(scenario);
    let solution = match (run(scenario, &MemoryIndex::of(scenario))?, solutions.as_slice()) {
        (None, []) => return Ok(()),
        (None, [first, ..]) => return Err(format!("refused, but there is {}", shown(first))),
        (Some(found), []) => return Err(format!("found {}, but nothing satisfies", shown(&found))),
        (Some(found), _) => found,
    };
    let count = |kind: &Cell<u32>, when: bool| kind.set(kind.get() + u32::from(when));
    count(&kinds.solved, true);
    count(&kinds.contested, solutions.len() > 1);
    count(&kinds.last_resort, resort == Resort::Last);
    if !solutions.contains(&solution) {
        return Err(format!("found {}, which does not satisfy", shown(&solution)));
    }
    if !world.prefers(&solution, &solutions) {
        let all: Vec<String> = solutions.iter().map(shown).collect();
        return Err(format!(
            "found {}, which is not preferred among {}",
            shown(&solution),
            all.join(" | ")
        ));
    }
    Ok(())
}

/// The resolver's answer; `None` for a refusal.
fn run(scenario: &Scenario, index: &dyn PackageIndex) -> Result<Option<Solution>, String> {
    let request = scenario.ask.request();
    let problem = Problem {
        requirements: &request.requirements,
        constraints: &request.constraints,
        target: request.targets[0],
        policy: &request.policy,
        preferences: &request.preferences,
        conda: &request.conda,
        conda_preferences: &request.conda_preferences,
    };
    match resolve(&problem, index) {
        Ok(resolution) => Ok(Some(
            resolution
                .packages
                .into_iter()
                .filter_map(|package| Some((package.name.project()?.clone(), package.version.python()?)))
                .collect(),
        )),
        Err(ResolveError::Refused(refusal)) => {
            // A refusal without a reason explains nothing, whatever the search found.
            (!refusal.headline().is_empty() && !refusal.because().is_empty())
                .then_some(None)
                .ok_or_else(|| format!("refused without a reason: {refusal}"))
        }
        Err(error) => Err(error.to_string()),
    }
}

fn shown(solution: &Solution) -> String {
    let packages: Vec<String> = solution
        .iter()
        .map(|(name, version)| format!("{name}=={version}"))
        .collect();
    format!("[{}]", packages.join(" "))
}
