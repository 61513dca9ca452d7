"""Asks and offers of time, skill, space, kit and advice: what fits what and why, done, thanked, and hours settled."""
