"""What this service keeps of movements, which the gateway owns: the time zone that each reckons its days in."""
