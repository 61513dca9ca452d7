"""The asset map: the groups, places, activities, skills and informal networks of a place, verified and kept fresh."""
