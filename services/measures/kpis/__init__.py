"""KPIs: a few numbers across the services, each with an owner, a target, and a rule by which it is given a word."""
