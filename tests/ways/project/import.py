import requests, jinja2, matplotlib, click, flask
