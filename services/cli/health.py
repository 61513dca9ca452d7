"""Asks the service of this container how it is: what a container's health check runs, so it loads next to nothing."""

import os
import urllib.error
import urllib.request


def check() -> int:
    """Print what /health says; 0 where it answers requests, else 1."""
    port = os.environ.get("BACKBONE_PORT") or "8000"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=4) as answer:
            print(answer.read().decode())
            return 0
    except urllib.error.HTTPError as error:
        print(error.read().decode())
    except OSError as error:
        print(f"no answer on port {port}: {error}")
    return 1
