"""Postcode directories: in which areas a postcode lies, by the edition that was loaded.

Shared by all movements like the places themselves. An edition, such as the ONS Postcode Directory of one quarter, is
loaded by a job and seen all at once; earlier editions stay, so that what was looked up can be looked up again.
"""
