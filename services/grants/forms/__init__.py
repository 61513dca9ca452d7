"""Forms: what rounds ask of groups, in versions that are frozen once groups were asked by them."""
