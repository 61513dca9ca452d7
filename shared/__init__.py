"""What every service needs and no business rule: edge, settings, secrets, database, bus, events, upstreams."""
