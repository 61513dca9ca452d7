"""The services of the suite, one package each. They never import one another; only the entry knows them all."""
