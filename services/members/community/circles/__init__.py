"""Circles: stewardship circles, communities of practice and steering groups, with terms and a log of decisions."""
