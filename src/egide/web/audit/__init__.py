"""The audit trail: who wrote what, when; and the guard that lets no write go untold."""
