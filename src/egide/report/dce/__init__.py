"""The tender documents: RC, CCAP, security annex of the CCTP, RGPD annex."""
