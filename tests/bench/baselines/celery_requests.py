"""Celery with requests: one task a body, the broker Redis, sixteen processes that keep their connections."""

import os

import requests
from celery import Celery

app = Celery("posting", broker=os.environ["BROKER"])
app.conf.task_ignore_result = True
_connections = requests.Session()


def _post(url: str, body: str) -> None:
    headers = {"content-type": "application/cloudevents+json"}
    _connections.post(url, data=body.encode(), headers=headers, timeout=15).raise_for_status()


post = app.task(_post, name="post")
