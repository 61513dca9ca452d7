"""People, as far as grants knows them: by an id, that of whoever reviews, decides or votes. Members has the rest."""
