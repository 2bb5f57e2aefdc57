"""pip's own reader of requirements files, as an independent oracle.

Reads a list of {"folder", "file", "environment", "names"} from standard input and writes what pip found: requirements with their hashes,
constraints, and options; or {"error"} where it refuses the files.
"""

import json
import os
import sys

from pip._internal.exceptions import PipError
from pip._internal.index.collector import LinkCollector
from pip._internal.index.package_finder import PackageFinder
from pip._internal.models.search_scope import SearchScope
from pip._internal.models.selection_prefs import SelectionPreferences
from pip._internal.network.session import PipSession
from pip._internal.req.req_file import parse_requirements


class Options:
    """Where pip notes what concerns the whole run."""

    def __init__(self):
        self.require_hashes = False
        self.features_enabled = []


def read(question):
    session = PipSession()
    scope = SearchScope(find_links=[], index_urls=[], no_index=False)
    finder = PackageFinder.create(
        link_collector=LinkCollector(session=session, search_scope=scope),
        selection_prefs=SelectionPreferences(allow_yanked=False),
    )
    options = Options()
    found = list(parse_requirements(question["file"], session=session, finder=finder, options=options))
    control = finder.format_control
    return {
        "requirements": [
            {
                "text": one.requirement,
                "hashes": sorted(f"{kind}:{digits}" for kind, all in (one.options or {}).get("hashes", {}).items() for digits in all),
                "constraint": one.constraint,
                "editable": one.is_editable,
                "place": one.comes_from,
            }
            for one in found
        ],
        "index_urls": finder.search_scope.index_urls,
        "no_index": finder.search_scope.no_index,
        "find_links": [os.path.relpath(link) if "://" not in link else link for link in finder.search_scope.find_links],
        "pre": finder.allow_all_prereleases,
        "require_hashes": options.require_hashes,
        "formats": {name: sorted(control.get_allowed_formats(name)) for name in question["names"]},
    }


def main():
    questions = json.load(sys.stdin)
    answers = []
    for question in questions:
        os.chdir(question["folder"])
        os.environ.update(question["environment"])
        try:
            answers.append(read(question))
        except PipError as error:
            answers.append({"error": str(error)})
    json.dump(answers, sys.stdout)


main()
