"""Serves a folder over TLS: FOLDER, CERTIFICATE with key, and optionally CA of client certificates. Prints its port."""

import functools
import http.server
import ssl
import sys

folder, certificate, *clients = sys.argv[1:]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate)
if clients:
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(clients[0])
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
