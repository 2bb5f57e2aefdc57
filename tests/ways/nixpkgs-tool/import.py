import flask, build, pyproject_hooks, packaging
