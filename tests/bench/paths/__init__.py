"""One module a path: each has ``measure(ground)``, which answers its rows and raises Missing where a part is."""
