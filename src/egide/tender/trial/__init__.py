"""What is simulated or asked "what if": the bench of an award method, the robustness of a ranking."""
