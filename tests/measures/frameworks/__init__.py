"""Frameworks, assessments and stories."""
