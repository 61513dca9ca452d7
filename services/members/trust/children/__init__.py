"""Children: counted by their setting, named only where a programme allows it and everybody asked has said yes."""
