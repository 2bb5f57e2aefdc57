"""A page whose text is escaped by MarkupSafe."""

import flask

app = flask.Flask(__name__)


@app.get("/<name>")
def hello(name):
    return flask.render_template_string("<p>Hello {{ name }}</p>", name=name)
