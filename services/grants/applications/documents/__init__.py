"""Documents and photographs that go with an application."""
