"""Answers questions with Python's `packaging`: a JSON object a line on stdin, an answer a line on stdout."""

import json
import sys

try:
    import packaging
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.utils import InvalidName, canonicalize_name
    from packaging.version import InvalidVersion, Version
except ImportError as error:
    sys.exit(f"{sys.executable}: {error}")

# The release whose rules for markers are those of the current specification.
if Version(packaging.__version__) < Version("26.3"):
    sys.exit(f"{sys.executable} has packaging {packaging.__version__}; 26.3 or newer is needed")


def version(text):
    return str(Version(text))


def order(texts):
    one, other = map(Version, texts)
    return (one > other) - (one < other)


def contains(question):
    specifiers, text = question
    return SpecifierSet(specifiers).contains(Version(text), prereleases=True)


def parts(specifier):
    # Which zeros a specifier was written with matters to `~=` only.
    if specifier.operator == "===":
        return (specifier.operator, specifier.version)
    stem = specifier.version.removesuffix(".*")
    return (specifier.operator, str(Version(stem)) + specifier.version[len(stem) :])


def requirement(text):
    found = Requirement(text)
    if found.marker:
        # Comparisons that are not defined come to light only here.
        found.marker.evaluate({"extra": ""})
    return {
        "name": canonicalize_name(found.name),
        "extras": sorted({canonicalize_name(extra) for extra in found.extras}),
        "specifiers": [list(part) for part in sorted(set(map(parts, found.specifier)))],
        "url": found.url,
        "marker": found.marker is not None,
    }


def marker(question):
    text, environment, extra = question
    return Marker(text).evaluate({**environment, "extra": extra})


def name(text):
    return canonicalize_name(text, validate=True)


REFUSALS = (
    InvalidMarker,
    InvalidName,
    InvalidRequirement,
    InvalidSpecifier,
    InvalidVersion,
    UndefinedComparison,
    UndefinedEnvironmentName,
)
KINDS = {f.__name__: f for f in (version, order, contains, requirement, marker, name)}

for line in sys.stdin:
    ((kind, question),) = json.loads(line).items()
    try:
        answer = KINDS[kind](question)
    except REFUSALS:
        answer = None
    print(json.dumps(answer), flush=True)
