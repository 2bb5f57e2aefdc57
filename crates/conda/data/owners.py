"""Writes owners.txt: which conda packages own which Python projects, where that is not a matter of spelling.

    python3 owners.py conda-forge-pypi-names.json.gz >owners.txt

The input is `files/v0/conda-forge/compressed_mapping.json` of prefix-dev/parselmouth (BSD-3-Clause, see LICENSE-parselmouth), gzipped or not: from
the name of each conda package to the names of the Python projects in it, or null. Lists of several names also hold what a
package vendors, so only lists of one name are used, and the tables below.
"""

import collections
import gzip
import json
import re
import sys

# The commit of the input.
COMMIT = "345e9bfbd11d932d63df2bc1146511337f7ba5dd"

# The conda package with the files of a project, where the rules below choose another one.
OWNERS = {
    "antlr4-python3-runtime": ["antlr-python-runtime"],
    "avro": ["python-avro"],
    "build": ["python-build", "build"],
    "couchdb": ["couchdb-python", "python-couchdb"],
    "cvxpy": ["cvxpy-base", "cvxpy"],
    "docker": ["docker-py"],
    "duckdb": ["python-duckdb"],
    "eccodes": ["python-eccodes"],
    "extract-msg": ["msg-extractor"],
    "freesasa": ["freesasa-python"],
    "gmsh": ["python-gmsh"],
    "google-cloud-bigquery-storage": ["google-cloud-bigquery-storage-core", "google-cloud-bigquery-storage"],
    "hist": ["hist-base", "hist"],
    "idyntree": ["idyntree-python"],
    "infomap": ["python-infomap", "infomap"],
    "lark": ["lark"],
    "line-profiler": ["line_profiler"],
    "lxml": ["lxml"],
    "magics": ["magics-python"],
    "marisa-trie": ["marisa-trie"],
    "msgpack": ["msgpack-python"],
    "neo4j": ["neo4j-python-driver"],
    "opencv-python": ["py-opencv"],
    "pdal": ["python-pdal"],
    "primesieve": ["python-primesieve"],
    "py-tlsh": ["python-tlsh"],
    "pyqt5": ["pyqt"],
    "ray": ["ray-core"],
    "ribs": ["pyribs"],
    "sentencepiece": ["sentencepiece-python", "sentencepiece"],
    "torch": ["pytorch"],
    "xgboost": ["py-xgboost"],
    "xrootd": ["xrootd", "python-xrootd"],
}
# Packages that have parts of a project only, or vendor all of it.
NOT_OWNERS = {"_dvc", "charliecloud", "inkscape", "kernprof", "nsight-compute", "qgis", "rb-pygments.rb", "u8darts-all"}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def spellings(project):
    """The conda names that are looked up for a project without a line here."""
    return [project, project.replace("-", "_"), project.replace("-", ".")]


def order(project):
    """The package with the files is `X-base` or `X-core` where there is one; then come the spellings of the name."""

    def key(conda):
        split = [f"{name}-{part}" for name in spellings(project) for part in ("base", "core")]
        named = split + spellings(project) + [f"py-{project}", f"py{project}", f"python-{project}"]
        return (named.index(conda) if conda in named else len(named), len(conda), conda)

    return key


def lines(mapping):
    candidates = collections.defaultdict(list)
    for conda, projects in mapping.items():
        if projects and len(projects) == 1 and conda not in NOT_OWNERS:
            candidates[normal(projects[0])].append(conda)
    for project, condas in candidates.items():
        condas.sort(key=order(project))
        own = [conda for conda in condas if normal(conda) == project]
        # A package with the whole project goes before those of its own name, which are what it may be called elsewhere.
        candidates[project] = condas[:1] + [conda for conda in own if conda != condas[0]]
    candidates.update(OWNERS)
    for project, condas in sorted(candidates.items()):
        if condas != [name for name in dict.fromkeys(spellings(project)) if name in condas]:
            yield " ".join([project, *condas])


def main():
    path = sys.argv[1]
    opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    with opened as file:
        mapping = json.load(file)
    print("# Python projects, each with the conda packages that own it, best first.")
    print("# Made by owners.py from files/v0/conda-forge/compressed_mapping.json of prefix-dev/parselmouth, commit")
    print(f"# {COMMIT}; its licence is in LICENSE-parselmouth.")
    for line in lines(mapping):
        print(line)


main()
