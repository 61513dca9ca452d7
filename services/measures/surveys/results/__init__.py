"""What answers come to: results of a wave, change between two, and the figures that measures take."""
