"""Geography: in what places lie and lay, what became of them, and how figures are read over the changes.

Shared by all movements like the places themselves: whoever runs the platform keeps them, everybody reads them.
"""
