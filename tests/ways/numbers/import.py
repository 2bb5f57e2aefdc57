import numpy, pandas
assert numpy.__version__ >= "2"
