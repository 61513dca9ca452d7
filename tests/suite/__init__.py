"""Tests of the whole suite, as its users and its operators meet it: real processes, HTTP, and kill -9."""
