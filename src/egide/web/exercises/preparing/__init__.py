"""What comes before the play: kits and modules for everybody, the level to choose, an exercise prepared step by step."""
