"""Other funders' grants, read in from 360Giving files in a job; they stand apart from our money, and count in none.

The CPU process reads and checks the whole file, and writes what can be taken to disk. New and changed grants are staged
under the import's id, where nobody sees them; one update reveals them all; then what they replace is dropped. A grant
that is as it was is not written again, so the same file a second time changes nothing.
"""
