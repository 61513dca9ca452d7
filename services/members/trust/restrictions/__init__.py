"""People whose data rests, because they asked that it is not used, and the purposes that they object to."""
