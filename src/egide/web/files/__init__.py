"""Files that people bring or that work produces: kept by their digest, never executed, never trusted."""
