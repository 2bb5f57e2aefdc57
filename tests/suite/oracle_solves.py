"""What py-rattler's solver chooses. One question in JSON; one answer: for each request a map of names to version and build, or null."""

import asyncio
import json
import os
import sys

from rattler import BuildString, Channel, GenericVirtualPackage, PackageName, SparseRepoData, Version, solve_with_sparse_repodata


async def main():
    question = json.load(sys.stdin)
    sources = [
        SparseRepoData(Channel("file://" + os.path.dirname(folder)), os.path.basename(folder), os.path.join(folder, "repodata.json"))
        for folder in question["folders"]
    ]
    virtual = [
        GenericVirtualPackage(PackageName(name), Version(version), BuildString(build)) for name, version, build in question["virtual"]
    ]
    answers = []
    for specs in question["requests"]:
        try:
            records = await solve_with_sparse_repodata(specs, sources, virtual_packages=virtual)
        except Exception as error:
            answers.append({"error": str(error)})
            continue
        answers.append({record.name.normalized: [str(record.version), str(record.build)] for record in records})
    json.dump(answers, sys.stdout)
    sys.stdout.flush()
    # The threads of py-rattler sometimes outlive the interpreter, which then dies of a signal.
    os._exit(0)


asyncio.run(main())
