import pathlib

from setuptools import build_meta


def get_requires_for_build_wheel(config_settings=None):
    return []


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    pathlib.Path("own_backend.py").write_text(f"SETTINGS = {config_settings!r}\n")
    return build_meta.build_wheel(wheel_directory)
