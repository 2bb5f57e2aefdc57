from setuptools import setup

setup(
    name="greeter-py",
    version="1.0",
    py_modules=["greeter_py"],
    install_requires=["click" + ">=8"],
    entry_points={"console_scripts": ["greet-py=greeter_py:main"]},
)
