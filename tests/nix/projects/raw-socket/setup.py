import pathlib
import socket

import setuptools

host, port = pathlib.Path("ADDRESS").read_text().split("://")[1].strip("/\n").split(":")
socket.create_connection((host, int(port)), timeout=10).close()

setuptools.setup()
