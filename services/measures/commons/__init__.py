"""The commons: every published definition of every movement, to be read, taken as it is, or forked into one's own."""
