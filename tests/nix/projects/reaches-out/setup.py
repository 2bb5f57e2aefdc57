import pathlib
import urllib.request

import setuptools

urllib.request.urlopen(pathlib.Path("ADDRESS").read_text().strip()).read()

setuptools.setup()
