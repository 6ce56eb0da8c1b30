"""An insurance programme in the words of the field, and what it gives: kept, ceded by head, layer and member, premiums."""
