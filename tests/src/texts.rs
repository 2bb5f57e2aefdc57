//! Generated versions, specifiers, requirements and markers: most of them well-formed, some nearly so.

use proptest::prelude::*;
use proptest::sample::select;

/// A version in any of the spellings of PEP 440, now and then no version.
pub fn version_text() -> BoxedStrategy<String> {
    prop_oneof![
        20 => "([1-9]!)?(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]?)){0,3}((a|b|rc)[0-9]{1,2})?(\\.post[0-9])?(\\.dev[0-9])?(\\+[a-z0-9]{1,3}(\\.[a-z0-9]{1,3})?)?",
        6 => "[vV]?[0-9](\\.[0-9]{1,2}){1,2}[._-]?(alpha|beta|c|pre|preview|rc|RC|a|B)[._-]?[0-9]{0,2}",
        4 => "[0-9](\\.0){0,2}([._-]?(post|rev|r)[._-]?[0-9]{0,2}|-[0-9])([._-]?dev[._-]?[0-9]?)?",
        2 => "0{0,2}[0-9](\\.0{0,2}[0-9]){0,2}[._-]?DEV[._-]?[0-9]{0,2}",
        2 => "[0-9]\\.[0-9]\\+[A-Za-z0-9]{1,4}[._-][A-Za-z0-9]{1,3}",
        1 => "[ \t]{0,2}[0-9]\\.[0-9][ \t]{0,2}",
        1 => "[0-9]\\.[a-z]{1,4}|[a-z]{1,4}|[0-9]\\.\\.[0-9]|[0-9]\\.\\*|[0-9]\\.[0-9]\\+|\\+[a-z]|[0-9]!|1\\.0 1|",
    ]
    .boxed()
}

/// A version out of few, so that equal and neighbouring ones meet often.
pub fn near_version() -> BoxedStrategy<String> {
    let release = select(
        &[
            "1", "1.0", "1.0.0", "1.1", "1.1.0", "1.10", "2", "2.0", "0.9", "1.0.1", "1!1.0",
        ][..],
    );
    let suffix = prop_oneof![
        6 => Just(""),
        6 => select(&["a1", "b2", "rc1", ".dev0", ".dev1", "a1.dev1", ".post0", ".post1", ".post1.dev2", "rc1.post1"][..]),
    ];
    let local = prop_oneof![5 => Just(""), 2 => select(&["+cpu", "+1", "+abc.5", "+cu118"][..])];
    (release, suffix, local)
        .prop_map(|(release, suffix, local)| format!("{release}{suffix}{local}"))
        .boxed()
}

/// A list of specifiers, mostly about [`near_version`]s.
pub fn specifiers_text() -> BoxedStrategy<String> {
    let many = |count| prop::collection::vec(specifier_text(), count).prop_map(|parts| parts.join(","));
    prop_oneof![10 => many(1), 5 => many(2), 1 => many(3), 1 => many(2).prop_map(|text| format!(" {} ", text.replace(',', " , ")))]
        .boxed()
}

fn specifier_text() -> BoxedStrategy<String> {
    let operator = select(&["==", "!=", "<=", ">=", "<", ">", "~=", "==="][..]);
    let space = prop_oneof![6 => Just(""), 1 => Just(" ")];
    let version = prop_oneof![
        16 => near_version(),
        4 => near_version().prop_map(|version| version.split(['+', '-']).next().unwrap_or_default().to_owned()),
        3 => "(1!)?[0-2](\\.[01]){0,2}\\.\\*",
        2 => version_text(),
    ];
    (operator, space, version)
        .prop_map(|(operator, space, version)| format!("{operator}{space}{version}"))
        .boxed()
}

/// A project name, sometimes not a legal one.
pub fn name_text() -> BoxedStrategy<String> {
    prop_oneof![
        12 => "[A-Za-z0-9]{1,5}([._-]{1,3}[A-Za-z0-9]{1,4}){0,3}",
        1 => "[._-][a-z]{1,3}|[a-z]{1,3}[._-]|[a-z]{1,2}[ +/@][a-z]{1,2}|",
    ]
    .boxed()
}

/// A requirement.
pub fn requirement_text() -> BoxedStrategy<String> {
    let extras = prop_oneof![
        6 => Just(String::new()),
        3 => "\\[[a-z]{1,4}(_[a-z]{1,2})?(, ?[A-Z][a-z.-]{0,3}[a-z])?\\]",
        1 => "\\[ ?\\]| \\[ [a-z]{1,3} , [a-z]{1,3} \\]",
    ];
    let details = prop_oneof![
        3 => Just(String::new()),
        8 => specifiers_text(),
        2 => specifiers_text().prop_map(|text| format!(" ({text})")),
        2 => "( )?@( )?(https|git\\+ssh)://[a-z]{1,5}\\.(org|test)(/[a-z0-9][a-z0-9.]{0,5}){1,2}(#sha256=[0-9a-f]{2})?",
    ];
    let marker = prop_oneof![
        4 => Just(String::new()),
        2 => marker_text().prop_map(|text| format!(" ; {text}")),
        1 => marker_text().prop_map(|text| format!(";{text}")),
    ];
    (name_text(), extras, details, marker)
        .prop_map(|(name, extras, details, marker)| format!("{name}{extras}{details}{marker}"))
        .boxed()
}

/// A marker: comparisons joined by `and` and `or`.
pub fn marker_text() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        10 => version_comparison(),
        8 => string_comparison(),
        4 => extra_comparison(),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        (
            inner.clone(),
            select(&[" and ", " or ", " and(", "or "][..]),
            inner,
        )
            .prop_map(|(a, op, b)| match op {
                " and(" => format!("{a} and ({b})"),
                "or " => format!("({a}) or {b}"),
                _ => format!("{a}{op}{b}"),
            })
    })
    .boxed()
}

fn version_comparison() -> BoxedStrategy<String> {
    let variable = select(&["python_version", "python_full_version", "implementation_version"][..]);
    let operator = select(&["==", "!=", "<=", ">=", "<", ">", "~=", "===", "in", "not in"][..]);
    let value = prop_oneof![
        16 => "3\\.(8|9|10|11|12|13|14)",
        4 => "3\\.1[0-3]\\.[0-2]|3|2\\.7|4|4\\.0",
        2 => "3\\.1[0-3](rc1|\\.0b1|\\.dev0|\\.post1)",
        3 => "3\\.1[0-3]\\.\\*|3\\.\\*",
        3 => "2\\.7, 3\\.11|3\\.10 3\\.11|3\\.1[0-2],3\\.13|3\\.11\\.0 3\\.12\\.0",
        1 => "banana|3\\.x|",
    ];
    comparison(variable.boxed(), operator.boxed(), value.boxed())
}

fn string_comparison() -> BoxedStrategy<String> {
    let variable = select(
        &[
            "os_name",
            "sys_platform",
            "platform_machine",
            "platform_system",
            "platform_python_implementation",
            "implementation_name",
            "platform_release",
            "platform_version",
            "os.name",
            "sys.platform",
            "platform.machine",
            "platform.python_implementation",
            "python_implementation",
        ][..],
    );
    let operator = prop_oneof![
        8 => Just("=="),
        8 => Just("!="),
        3 => Just("in"),
        3 => Just("not in"),
        2 => select(&["<", "<=", ">", ">=", "===", "~="][..]),
    ];
    let value = select(
        &[
            "posix",
            "nt",
            "linux",
            "darwin",
            "win32",
            "x86_64",
            "aarch64",
            "arm64",
            "Linux",
            "Darwin",
            "CPython",
            "cpython",
            "pypy",
            "linux darwin",
            "x86_64 arm64",
            "lin",
            "",
            "20",
            "20.1.0",
            "x86_64,aarch64",
        ][..],
    );
    comparison(
        variable.boxed(),
        operator.boxed(),
        value.prop_map(str::to_owned).boxed(),
    )
}

fn extra_comparison() -> BoxedStrategy<String> {
    let operator =
        prop_oneof![10 => Just("=="), 3 => Just("!="), 1 => select(&["in", "not in", "<", ">=", "==="][..])];
    let value = prop_oneof![8 => select(&["cli", "web", "Fast_Path", "fast-path", "fast.path"][..]), 1 => Just("cli web")];
    comparison(
        Just("extra").boxed(),
        operator.boxed(),
        value.prop_map(str::to_owned).boxed(),
    )
}

/// Mostly the variable to the left, with either quote, and more or less space.
fn comparison(
    variable: BoxedStrategy<&'static str>,
    operator: BoxedStrategy<&'static str>,
    value: BoxedStrategy<String>,
) -> BoxedStrategy<String> {
    let shape = (
        select(&["'", "\""][..]),
        prop_oneof![6 => Just(" "), 1 => Just("")],
        prop::bool::weighted(0.2),
    );
    (variable, operator, value, shape)
        .prop_map(|(variable, operator, value, (quote, space, reversed))| {
            let space = if operator.ends_with('n') { " " } else { space };
            let value = format!("{quote}{value}{quote}");
            let (left, right) = if reversed {
                (&*value, variable)
            } else {
                (variable, &*value)
            };
            format!("{left}{space}{operator}{space}{right}")
        })
        .boxed()
}
