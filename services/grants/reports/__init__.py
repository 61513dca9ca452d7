"""Reports of what came of awards: light by default, three questions or a photograph."""
