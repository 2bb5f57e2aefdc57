import installer  # noqa: F401, which nixpkgs' hooks have
import setuptools

setuptools.setup()
