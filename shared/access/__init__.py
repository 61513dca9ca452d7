"""What a service keeps of somebody, in the form in which it is handed to them: for the archive that members makes.

Each service says it in sections that a stranger to the software can read: plain titles, a sentence on what it is, and
values without ids. Members gathers them over the hop, has other people's words reviewed, and releases the rest.
"""
