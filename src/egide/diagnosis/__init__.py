"""What is seen of an information system: questionnaires and observations, and the maturity that they make."""
