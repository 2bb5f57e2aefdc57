"""Serves a folder to those who say a password: FOLDER USER:PASSWORD. Prints its address, as `python3 -m http.server` does."""

import base64
import functools
import http.server
import sys

folder, login = sys.argv[1:]
expected = "Basic " + base64.b64encode(login.encode()).decode()


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.headers.get("Authorization") != expected:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="private"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().do_GET()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
print(f"Serving at http://127.0.0.1:{server.server_address[1]}/", flush=True)
server.serve_forever()
