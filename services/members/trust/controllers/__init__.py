"""Controllers: which organisation answers for each programme, fund and kind of record, from when until when."""
