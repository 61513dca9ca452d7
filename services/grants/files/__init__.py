"""What sealed files say, as far as it can be read, and whom an erasure takes out with them."""
