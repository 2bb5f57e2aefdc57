"""Fits a line to noisy points, draws both, and reads the picture back."""

import sys

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import requests
from PIL import Image
from sklearn.linear_model import LinearRegression

random = np.random.default_rng(1)
points = pd.DataFrame({"x": np.linspace(0, 10, 50)})
points["y"] = 3 * points.x + 2 + random.normal(scale=0.5, size=len(points))

model = LinearRegression().fit(points[["x"]], points.y)
assert abs(model.coef_[0] - 3) < 0.1, model.coef_

axes = points.plot.scatter(x="x", y="y")
axes.plot(points.x, model.predict(points[["x"]]))
plt.savefig(sys.argv[1])

with Image.open(sys.argv[1]) as image:
    assert image.width > 100
assert requests.Request("GET", "https://example.org").prepare().url
