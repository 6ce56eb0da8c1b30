"""Steps 1 to 4: the purchase, the points, the method, the documents; one module a step, and what they share."""
