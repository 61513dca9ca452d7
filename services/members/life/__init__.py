"""The room of what people of a movement say, share and decide together: the common agenda and who stands behind it."""
