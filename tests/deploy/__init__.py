"""Tests of what runs the suite elsewhere: containers, clusters, alarms, and the locks."""
