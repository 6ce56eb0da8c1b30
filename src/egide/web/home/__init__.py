"""Pages that gather: welcome, what waits for me, health, errors; and the commands that start the product."""
