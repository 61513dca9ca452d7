"""The overview of a movement: a projection of what the services published, composed with live reads of them."""
