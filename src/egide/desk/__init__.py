"""What both faces ask for in one call: reading, deciding and showing put together. No console, no clock, no framework."""
