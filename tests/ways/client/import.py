import requests, socks, click
