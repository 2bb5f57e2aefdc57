"""Asks the build backend of the project in the current folder what it needs to build a wheel, and what
that wheel will say of itself, and writes the answer as JSON.

The hooks of PEP 517 run as they do in a build (./build_wheel.py): in a process of the locked build
environment.  What they print is passed on, up to a limit.
"""

import argparse
import email.parser
import email.policy
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import build_wheel

LONGEST_OUTPUT = 1 << 20


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True, help="module path of this process")
    parser.add_argument("--environment", required=True, type=pathlib.Path, help="the build environment")
    parser.add_argument("--site-packages", required=True, help="within the build environment")
    parser.add_argument("--crates", type=pathlib.Path, help="what cargo takes crates from")
    parser.add_argument("--version", required=True)
    parser.add_argument("--unversioned", action="store_true", help="the source does not hold its version")
    parser.add_argument("--metadata", action="store_true", help="ask for the metadata, too")
    parser.add_argument("--extra", action="append", help="say what is required here, with this extra; empty for none")
    parser.add_argument("--output", required=True, type=pathlib.Path)
    return parser.parse_args()


def refuse(reason):
    sys.exit(f"mach-nix: {reason}")


# The process stays in the builder's group: without users to build as, the group is what Nix ends with a build.
def run_bounded(command, cwd, environment):
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    printed = 0
    while chunk := process.stdout.read1(1 << 16):
        printed += len(chunk)
        if printed > LONGEST_OUTPUT:
            process.kill()
            refuse(f"its build backend prints more than {LONGEST_OUTPUT >> 20} MiB")
        sys.stderr.buffer.write(chunk)
        sys.stderr.buffer.flush()
    status = process.wait()
    if status < 0:
        refuse(f"its build backend was ended by signal {-status}")
    if status > 0:
        refuse(f"its build backend ended with exit code {status}")


def required_here(fields, extras):
    """What this Python on this system needs, as requirements without markers."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    known = {canonicalize_name(extra) for extra in fields.get_all("Provides-Extra", [])}
    for extra in filter(None, extras):
        if canonicalize_name(extra) not in known:
            has = ", ".join(f"`{name}`" for name in sorted(known)) or "none"
            refuse(f"the project has no extra `{extra}`; it has {has}")
    for text in fields.get_all("Requires-Dist", []):
        requirement = Requirement(text)
        marker, requirement.marker = requirement.marker, None
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield str(requirement)


def metadata_of(builder, extras):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(builder.metadata_path(folder)) / "METADATA"
        text = path.read_text(encoding="utf-8", errors="replace")
    fields = email.parser.HeaderParser(policy=email.policy.compat32).parsestr(text)
    # The description is of no use to the resolver.
    head = text.split("\n\n", 1)[0] + "\n\n"
    metadata = {"name": fields["Name"], "version": fields["Version"], "text": head}
    if extras is not None:
        metadata["requirements"] = list(required_here(fields, ["", *extras]))
    return metadata


def main():
    arguments = parse_arguments()
    sys.path[:0] = arguments.tools.split(":")
    import build

    with tempfile.TemporaryDirectory() as home:
        environment = build_wheel.build_environment(arguments, home)

        def run(command, cwd=None, extra_environ=None):
            run_bounded(command, cwd, {**environment, **(extra_environ or {})})

        try:
            builder = build.ProjectBuilder(
                ".", python_executable=str(arguments.environment / "bin" / "python"), runner=run
            )
            requires = sorted(builder.get_requires_for_build("wheel"))
            site_packages = [str(arguments.environment / arguments.site_packages)]
            python = f"{sys.version_info.major}.{sys.version_info.minor}"
            answer = {"requires": requires, "metadata": None, "python": python}
            if arguments.metadata and not list(build_wheel.unmet(requires, site_packages)):
                answer["metadata"] = metadata_of(builder, arguments.extra)
        except build.BuildException as error:
            refuse(error)
        except build.BuildBackendException as error:
            refuse(f"its build backend cannot run: {error}")
        except (OSError, ValueError) as error:
            refuse(f"the answer of its build backend cannot be read: {error}")
    arguments.output.write_text(json.dumps(answer, sort_keys=True))


main()
