import subprocess

import setuptools

subprocess.run(["pkg-config", "--cflags", "no-such-library"], check=True)

setuptools.setup()
