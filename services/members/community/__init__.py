"""The room of those who hold a movement together: circles, who keeps which relationship, who works with whom."""
