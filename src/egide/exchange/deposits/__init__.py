"""What a buyer's platform gave, taken into a tender folder: deposits, their register, their places."""
