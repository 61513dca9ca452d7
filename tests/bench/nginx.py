"""nginx, with one worker each: answers that never change, and the plain reverse proxy that we are compared with."""

import json
from collections.abc import Mapping
from pathlib import Path

from shared.testing.ports import free_ports
from tests.bench.ground import Ground, program

_COMMON = """
daemon off; worker_processes 1; pid "{folder}/pid"; error_log "{folder}/error.log";
events {{ worker_connections 4096; }}
http {{
  access_log off; default_type application/json; keepalive_requests 1000000000; keepalive_timeout 1h;
  client_body_temp_path "{folder}/body"; proxy_temp_path "{folder}/proxy"; fastcgi_temp_path "{folder}/fastcgi";
  uwsgi_temp_path "{folder}/uwsgi"; scgi_temp_path "{folder}/scgi";
  {rest}
}}
"""
_FIXED = "server {{ listen 127.0.0.1:{port}; location / {{ return 200 ''; }} {locations} }}"
_PROXY = """
  upstream behind {{ server {behind}; keepalive 128; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
"""
_NOTING = """
  log_format noted '$msec $http_webhook_id';
  server {{ listen 127.0.0.1:{port}; access_log "{folder}/noted.log" noted; location / {{ return 200 ''; }} }}
"""


def fixed(ground: Ground, answers: Mapping[str, object]) -> str:
    """A server that answers each path with its JSON, and every other one with an empty 200. Its host and port."""
    (port,) = free_ports(1)
    locations = " ".join(f"location = {path} {{ return 200 '{json.dumps(body)}'; }}" for path, body in answers.items())
    return _started(ground, f"fixed-{port}", port, _FIXED.format(port=port, locations=locations))


def noting(ground: Ground) -> tuple[str, Path]:
    """A server that thanks for everything; its URL, and the file in which it notes when each webhook came."""
    (port,) = free_ports(1)
    name = f"noting-{port}"
    _started(ground, name, port, _NOTING.format(port=port, folder=ground.folder / name))
    return f"http://127.0.0.1:{port}/", ground.folder / name / "noted.log"


def proxy(ground: Ground, behind: str) -> str:
    """A plain reverse proxy, with connections kept open on both sides. Its host and port."""
    (port,) = free_ports(1)
    return _started(ground, f"proxy-{port}", port, _PROXY.format(port=port, behind=behind))


def _started(ground: Ground, name: str, port: int, rest: str) -> str:
    folder = _folder(ground, name)
    configuration = folder / "nginx.conf"
    configuration.write_text(_COMMON.format(folder=folder, rest=rest))
    ground.start(name, [program("nginx"), "-p", str(folder), "-c", str(configuration)], port)
    return f"127.0.0.1:{port}"


def _folder(ground: Ground, name: str) -> Path:
    folder = ground.folder / name
    folder.mkdir()
    return folder
