"""Checks of groups: what is made sure of before an award is paid, by its size and once a year a group."""
