"""What py-rattler makes of versions, and of records that match specs. One question in JSON; one answer."""

import json
import sys

from rattler import BuildString, MatchSpec, PackageRecord, Subdir, Version


def comparisons(question):
    versions = [Version(text) for text in question["versions"]]
    signs = {True: "<", False: ">"}
    return "".join(
        "=" if versions[a] == versions[b] else signs[versions[a] < versions[b]] for a, b in question["pairs"]
    )


def record(name, version, build, number):
    return PackageRecord(
        name=name, version=version, build=BuildString(build), build_number=number, subdir=Subdir("linux-64")
    )


def matches(question):
    """For each spec one character per record that it is compared with."""
    answers = []
    for text, records in question["specs"]:
        try:
            spec = MatchSpec(text)
        except Exception as error:
            answers.append(str(error))
            continue
        answers.append("".join("01"[spec.matches(record(*each))] for each in records))
    return answers


question = json.load(sys.stdin)
json.dump({"versions": comparisons, "specs": matches}[question["about"]](question), sys.stdout)
