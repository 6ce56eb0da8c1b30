"""Pictures of an evaluation as SVG, the same on a page of the web and in a PDF, each with its text and its table."""
