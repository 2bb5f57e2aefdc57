"""Builds the wheel of the project in the current folder into `dist`.

nixpkgs' `build` calls the hooks of PEP 517 (https://peps.python.org/pep-0517/) in a process of the locked
build environment, which sees nothing of the environment of this one: neither the packages that
nixpkgs' hooks are made of nor those that the project needs when it runs.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile
from email.parser import Parser
from importlib.metadata import distributions


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True, help="module path of this process")
    parser.add_argument("--environment", required=True, type=pathlib.Path, help="the build environment")
    parser.add_argument("--site-packages", required=True, help="within the build environment")
    parser.add_argument("--crates", type=pathlib.Path, help="what cargo takes crates from")
    parser.add_argument("--name", required=True)
    parser.add_argument("--attribute", required=True, help="the name as Nix has it after a dot")
    parser.add_argument("--version", required=True)
    parser.add_argument("--unversioned", action="store_true", help="the source does not hold its version")
    parser.add_argument("--check-requirements", action="store_true")
    parser.add_argument("--config-setting", "-C", action="append", default=[])
    # What definitions of nixpkgs give to `build` in `pypaBuildFlags`.
    parser.add_argument("--skip-dependency-check", "-x", action="store_true")
    parser.add_argument("--no-isolation", "-n", action="store_true")
    return parser.parse_args()


# Where no sandbox keeps builds from the network (on macOS by default), what a build tool would fetch
# fails at once.  The port is that of "discard", where nothing answers.
OFFLINE = {
    **{
        name: "http://127.0.0.1:9"
        for scheme in ("http", "https", "ftp", "all")
        for name in (scheme + "_proxy", scheme.upper() + "_PROXY")
    },
    "no_proxy": "",
    "NO_PROXY": "",
    "PIP_NO_INDEX": "1",
    "UV_OFFLINE": "1",
    "CARGO_NET_OFFLINE": "true",
}

# Where cargo finds crates: https://doc.rust-lang.org/cargo/reference/source-replacement.html
CARGO_CONFIG = """\
[source.crates-io]
replace-with = "locked"

[source.locked]
directory = "{}"
"""

# Read by setuptools-scm (and hatch-vcs), pdm-backend and pbr, which otherwise ask the version control
# system.
VERSION_VARIABLES = ("SETUPTOOLS_SCM_PRETEND_VERSION", "PDM_BUILD_SCM_VERSION", "PBR_VERSION")


def build_environment(arguments, home):
    environment = {**os.environ, **OFFLINE, "HOME": home}
    environment.pop("PYTHONPATH", None)
    environment["PATH"] = f"{arguments.environment / 'bin'}:{environment['PATH']}"
    if arguments.crates:
        cargo_home = pathlib.Path(home) / ".cargo"
        cargo_home.mkdir()
        (cargo_home / "config.toml").write_text(CARGO_CONFIG.format(arguments.crates))
        environment["CARGO_HOME"] = str(cargo_home)
    for name in VERSION_VARIABLES:
        # A definition of nixpkgs sets the version of its own source.
        if arguments.unversioned or name in environment:
            environment[name] = arguments.version
    return environment


def unmet(requirements, path):
    """The requirements that no distribution on the module path meets, with what there is."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found = {}
    for distribution in distributions(path=path):
        found.setdefault(canonicalize_name(distribution.metadata["Name"]), []).append(distribution.version)
    for text in sorted(requirements):
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        versions = found.get(canonicalize_name(requirement.name), [])
        if not versions:
            yield f"`{text}`, which the lock lacks"
        elif not any(requirement.specifier.contains(version, prereleases=True) for version in versions):
            yield f"`{text}`, but {versions[0]} is locked"


def config_settings(options):
    settings = {}
    for option in options:
        key, _, value = option.partition("=")
        old = settings.get(key)
        settings[key] = value if old is None else [*(old if isinstance(old, list) else [old]), value]
    return settings


def check_made(wheel, name, version):
    from packaging.utils import canonicalize_name, parse_wheel_filename
    from packaging.version import Version

    made_name, made_version, *_ = parse_wheel_filename(wheel.name)
    if made_name != canonicalize_name(name) or made_version != Version(version):
        sys.exit(
            f"mach-nix: the source of `{name}` {version} builds `{made_name}` {made_version}; "
            "lock it anew, or give `pname` and `version` as the project has them"
        )


def check_requirements(wheel, name):
    """Compares what the wheel requires with the inputs of the derivation, which are in PYTHONPATH."""
    with zipfile.ZipFile(wheel) as archive:
        file = next(f for f in archive.namelist() if f.count("/") == 1 and f.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(file).decode())
    path = os.environ.get("PYTHONPATH", "").split(":")
    missing = list(unmet(metadata.get_all("Requires-Dist", []), path))
    if missing:
        sys.exit(f"mach-nix: `{name}` requires {', and '.join(missing)}; add it to the requirements and lock anew")


def main():
    arguments = parse_arguments()
    sys.path[:0] = arguments.tools.split(":")
    import build

    name = arguments.name
    dist = pathlib.Path("dist")
    # Everything in dist is installed; a source may bring old wheels.
    for old in dist.glob("*.whl"):
        old.unlink()

    with tempfile.TemporaryDirectory() as home:
        environment = build_environment(arguments, home)

        def run(command, cwd=None, extra_environ=None):
            subprocess.run(command, cwd=cwd, env={**environment, **(extra_environ or {})}, check=True)

        builder = build.ProjectBuilder(
            ".", python_executable=str(arguments.environment / "bin" / "python"), runner=run
        )
        settings = config_settings(arguments.config_setting)
        site_packages = [str(arguments.environment / arguments.site_packages)]
        try:
            missing = []
            if not arguments.skip_dependency_check:
                missing = list(unmet(builder.build_system_requires, site_packages)) or list(
                    unmet(builder.get_requires_for_build("wheel", settings), site_packages)
                )
            if missing:
                sys.exit(f"mach-nix: building `{name}` needs {', and '.join(missing)}; lock `{name}` anew")
            wheel = builder.build("wheel", "dist", settings)
        except build.BuildException as error:
            sys.exit(f"mach-nix: the source of `{name}` can't be built: {error}")
        except (build.BuildBackendException, subprocess.CalledProcessError):
            attribute = arguments.attribute
            sys.exit(
                f"mach-nix: building `{name}` {arguments.version} from source failed; the reason is above\n"
                f"  If a library is missing, add it:  _.{attribute}.buildInputs.add = [ pkgs.LIBRARY ];\n"
                f"  If a program is missing, add it:  _.{attribute}.nativeBuildInputs.add = [ pkgs.PROGRAM ];\n"
                f"  If there are wheels, take them:   providers.{attribute} = \"wheel\";"
            )
    check_made(pathlib.Path(wheel), name, arguments.version)
    if arguments.check_requirements:
        check_requirements(wheel, name)


if __name__ == "__main__":
    main()
