"""The live play: the animator's board, the pages of players, observers and screens, and what they ask each second."""
