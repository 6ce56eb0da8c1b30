"""Crisis exercises: prepared, played with telephones or without the network, debriefed; and the crisis kit."""
