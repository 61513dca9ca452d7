"""What people ask for by right, of every kind and by any channel: taken down, due by a day, answered or refused."""
