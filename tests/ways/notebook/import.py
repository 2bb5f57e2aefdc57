import jupyterlab
