"""OAuth 2.0 client credentials (RFC 6749, 4.4): a key is the client, and gets tokens that end after ten minutes."""
