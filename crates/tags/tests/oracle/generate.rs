//! File names, mostly well-formed, the same ones on each run.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

/// An endless source of names: a strategy, drawn from with a fixed seed.
pub(crate) struct Names {
    strategy: BoxedStrategy<String>,
    runner: TestRunner,
    keep: fn(&str) -> bool,
}

impl Names {
    pub(crate) fn new(strategy: BoxedStrategy<String>) -> Self {
        Self {
            strategy,
            runner: TestRunner::deterministic(),
            keep: |_| true,
        }
    }

    pub(crate) fn filter(self, keep: fn(&str) -> bool) -> Self {
        Self { keep, ..self }
    }

    pub(crate) fn take(mut self, count: usize) -> Vec<String> {
        let mut names = Vec::with_capacity(count);
        while names.len() < count {
            let tree = self
                .strategy
                .new_tree(&mut self.runner)
                .expect("the strategies reject nothing");
            names.extend(Some(tree.current()).filter(|name| (self.keep)(name)));
        }
        names
    }
}

pub(crate) fn wheel_name() -> BoxedStrategy<String> {
    let name = prop_oneof![
        20 => "[A-Za-z][A-Za-z0-9]{0,8}([._][A-Za-z0-9]{1,6}){0,3}",
        1 => "_[a-z]{1,4}|[a-z]{1,4}[._]",
        1 => "[a-z]{1,3}(__|\\._|-|\\+)[a-z]{1,3}|",
    ];
    let build = prop_oneof![
        20 => Just(String::new()),
        10 => "-[0-9]{1,4}",
        5 => "-[0-9]{1,3}[a-z_.][a-z0-9_.]{0,5}",
        1 => "-[a-z]{1,3}|-",
    ];
    let ending = prop_oneof![50 => Just(".whl"), 1 => Just(".WHL"), 1 => Just(".zip"), 1 => Just("")];
    (
        name,
        version(),
        build,
        tag_set(python()),
        tag_set(abi()),
        tag_set(platform()),
        ending,
    )
        .prop_map(|(name, version, build, python, abi, platform, ending)| {
            format!("{name}-{version}{build}-{python}-{abi}-{platform}{ending}")
        })
        .boxed()
}

pub(crate) fn sdist_name() -> BoxedStrategy<String> {
    let name = "[A-Za-z0-9]{1,8}([._-]{1,2}[A-Za-z0-9]{1,6}){0,3}";
    let ending = prop_oneof![4 => Just(".tar.gz"), 1 => Just(".zip")];
    (name, version(), ending)
        .prop_map(|(name, version, ending)| format!("{name}-{version}{ending}"))
        .boxed()
}

fn version() -> impl Strategy<Value = String> {
    prop_oneof![
        30 => "([1-9]!)?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3}){0,3}((a|b|rc)[0-9]{1,2})?(\\.post[0-9])?(\\.dev[0-9])?(\\+[a-z]{1,4}[0-9]{0,3}([._][0-9a-z]{1,3})?)?",
        5 => "v?[0-9]\\.[0-9][._]?(alpha|BETA|c|pre|preview)[._]?[0-9]?",
        1 => "[0-9]\\.[a-z]{1,4}|[a-z]{1,4}|[0-9]\\.\\.[0-9]|[0-9]\\.\\*|",
    ]
}

/// One to three tags; now and then malformed.
fn tag_set(tag: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    let many = move |count: usize| prop::collection::vec(tag.clone(), count).prop_map(|tags| tags.join("."));
    prop_oneof![30 => many(1), 8 => many(2), 4 => many(3), 1 => Just(String::new()), 1 => many(2).prop_map(|tags| format!("{tags}."))]
}

fn python() -> BoxedStrategy<String> {
    prop_oneof![
        10 => "py3|py2|py3[0-9]|py31[0-4]",
        15 => "cp3[2-9]|cp31[0-4]",
        2 => "cp27|pp39|CP311|Py3|graalpy311",
        1 => "3|c\\+p|311",
    ]
    .boxed()
}

fn abi() -> BoxedStrategy<String> {
    prop_oneof![
        10 => Just("none".to_owned()),
        8 => Just("abi3".to_owned()),
        10 => "cp3[3-7]m|cp3[89]|cp31[0-4]",
        2 => "cp31[34]t|abi3t|cp27mu|pypy39_pp73|NONE|cp311d",
    ]
    .boxed()
}

fn platform() -> BoxedStrategy<String> {
    prop_oneof![
        10 => Just("any".to_owned()),
        8 => "manylinux(1|2010|2014)_(x86_64|aarch64|i686)",
        12 => "manylinux_2_([4-9]|[1-4][0-9])_(x86_64|aarch64)",
        3 => "linux_(x86_64|aarch64|armv7l)",
        12 => "macosx_1[0-5]_([0-9]|1[0-6])_(x86_64|arm64|universal2)",
        6 => "macosx_1[1-5]_0_(x86_64|arm64|universal2)",
        3 => "macosx_10_[0-9]_(intel|fat64|fat3|universal|i386)",
        4 => "musllinux_1_[12]_x86_64|win_amd64|win32|win_arm64|ANY|MacOSX_11_0_ARM64",
    ]
    .boxed()
}
