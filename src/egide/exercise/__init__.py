"""Crisis exercises: kits made of modules, how an exercise is played, what it showed, and the kit of the worst night.

module, kit, places   what an exercise is made of: reference data, written once, used by every kit
script                an exercise made ready for one establishment: the one form that is printed, played and exchanged
play, record          a live play and its log; the same record comes from the page that plays without the network
outcome, debrief      what the observers saw, reconciled; findings, levels by family, comparison, observations
assessment, validity  which level to choose; whether an exercise counts for the yearly duty
clock, crisis         the legal clocks as dated data; the crisis kit of an establishment
"""
