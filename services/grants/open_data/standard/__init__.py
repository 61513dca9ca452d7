"""The 360Giving Data Standard 1.4: its fields, its codes, its rules, and how it is laid out in spreadsheets. Pure.

The standard is ThreeSixtyGiving's (CC BY 4.0), https://standard.threesixtygiving.org/en/latest/. Its schema files are
not part of this project: the rules here are our own, and tests hold them to the schema where it is at hand.
"""
