"""What a movement wants to know of its people and organisations beyond what everybody has: typed fields of its own."""
