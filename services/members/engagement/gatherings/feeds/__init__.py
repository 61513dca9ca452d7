"""What others follow: calendars (RFC 5545) under secret addresses, and the open feed of sessions by OpenActive."""
