"""One change for many people: a tag, no tag, or the value of a custom field, carried out as a job."""
