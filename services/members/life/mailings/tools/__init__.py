"""Mailing tools: the accounts whose lists are kept true, each list for one purpose."""
