"""The pages of the open clausier, readable by anybody."""
