"""What is counted for Prometheus. Labels are route templates, methods, statuses and names of our own, never an id."""

from functools import lru_cache

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_requests = Counter("backbone_requests_total", "Requests answered.", ["service", "method", "route", "status"])
_seconds = Histogram(
    "backbone_request_seconds",
    "Seconds from a request's headers to the start of its answer.",
    ["service", "method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_restarts = Counter("backbone_worker_restarts_total", "Times a background worker failed.", ["service", "worker"])
lag = Gauge("backbone_lag", "Events not yet published (relay) or not yet applied (consumer).", ["service", "part"])
late_stops = Gauge("backbone_late_stops", "Parts that have not obeyed somebody's stop in time.", ["service"])
parked = Gauge("backbone_parked_keys", "Keys whose events wait behind one that failed.", ["service", "consumer"])

webhook_seconds_behind = Gauge(
    "backbone_webhook_seconds_behind", "How long the delivery has waited that is due longest, where any is taken."
)
webhook_endpoints_resting = Gauge("backbone_webhook_endpoints_resting", "Endpoints that have only failed of late.")
_webhook_attempts = Counter("backbone_webhook_attempts_total", "Attempts to deliver to webhook endpoints.", ["outcome"])
_webhook_seconds = Histogram(
    "backbone_webhook_attempt_seconds",
    "Seconds that an attempt to deliver took.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)


@lru_cache(maxsize=4096)
def _answered(service: str, method: str, route: str, status: int) -> Counter:
    return _requests.labels(service, method, route, str(status))


@lru_cache(maxsize=4096)
def _timed(service: str, method: str, route: str) -> Histogram:
    return _seconds.labels(service, method, route)


def answered(service: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _answered(service, method, route, status).inc()
    _timed(service, method, route).observe(seconds)


@lru_cache(maxsize=64)
def _attempts(outcome: str) -> Counter:
    return _webhook_attempts.labels(outcome)


def webhook_attempted(outcome: str, seconds: float) -> None:
    """Count one attempt to deliver; its outcome is a class of status (`2xx`) or a word such as `timeout`."""
    _attempts(outcome).inc()
    _webhook_seconds.observe(seconds)


def worker_failed(service: str, worker: str) -> None:
    """Count one failure of a background worker."""
    _restarts.labels(service, worker).inc()


def exposition() -> bytes:
    """Everything counted in this process, in the Prometheus text format."""
    return generate_latest(REGISTRY)
