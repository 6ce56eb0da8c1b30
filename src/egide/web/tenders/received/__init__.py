"""Step 5, what came in: loading a folder, opening the bids, bringing them in, what was understood, what to ask."""
