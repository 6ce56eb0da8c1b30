"""After the play: what was seen, what is concluded, what is to be done, the papers, the results played without network."""
