"""Recognition: schemes with their criteria, whom they recognise, since when and until when."""
