"""Commitments: what people and organisations take on over a time, within a programme or a campaign."""
