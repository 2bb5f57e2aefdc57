"""Answers with what `packaging`, the reference implementation, would install from a pylock.toml.

In: {"pylock": TEXT, "targets": [{"environment": {...}, "tags": [...]}, ...]}. Out: for each target the names of the files,
or one string that says why there are none.
"""

import json
import sys
import tomllib

from packaging.pylock import Pylock, PylockSelectError
from packaging.tags import Tag

question = json.load(sys.stdin)
pylock = Pylock.from_dict(tomllib.loads(question["pylock"]))
answers = []
for target in question["targets"]:
    tags = [Tag(*tag.split("-")) for tag in target["tags"]]
    try:
        chosen = pylock.select(environment=target["environment"], tags=tags)
        answers.append([file.name for _, file in chosen])
    except PylockSelectError as error:
        answers.append(str(error))
json.dump(answers, sys.stdout)
