import flask, requests, socks
assert flask.json.dumps([]) == "[]"
