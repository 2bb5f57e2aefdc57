"""A greeting and the weather: the application of a first web tutorial."""

from importlib.metadata import version

import requests
from flask import Flask, jsonify

app = Flask(__name__)

# A tutorial would ask a weather service here. This one answers from a table, so that it works without a key and
# without a network; requests builds the address that would be asked.
TEMPERATURES = {"berlin": 7, "cairo": 24, "lima": 19}
SERVICE = "https://weather.example/v1/now"


@app.get("/")
def greeting():
    return f"Hello from Flask {version('flask')} and requests {version('requests')}!\n"


@app.get("/weather/<city>")
def weather(city):
    celsius = TEMPERATURES.get(city.lower())
    if celsius is None:
        return jsonify(error=f"no weather for {city}", known=sorted(TEMPERATURES)), 404
    asked = requests.Request("GET", SERVICE, params={"city": city}).prepare().url
    return jsonify(city=city, celsius=celsius, asked=asked)
