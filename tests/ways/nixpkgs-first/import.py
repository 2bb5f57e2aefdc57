import build, requests, click
