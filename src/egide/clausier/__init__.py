"""The clausier: what can be asked of a purchase, and which part of it this purchase needs."""
