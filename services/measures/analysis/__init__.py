"""The analytical read model: current figures as columns, for questions about many places at once.

It is derived from the store, says nothing that the store does not, and is made again from it when its file is gone.
"""
