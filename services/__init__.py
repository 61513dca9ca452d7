"""The services of the suite, one package each. They never import one another; only the entry beside them knows them all."""
