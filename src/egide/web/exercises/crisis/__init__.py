"""Pages of the crisis kit: whom to call and where things are, what to print, the legal clocks of a real crisis."""
