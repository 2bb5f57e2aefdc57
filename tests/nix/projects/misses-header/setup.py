from setuptools import Extension, setup

setup(ext_modules=[Extension("misses_header", ["misses_header.c"])])
