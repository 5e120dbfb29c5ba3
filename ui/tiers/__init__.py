"""The tier desk: who is near a tier or about to lose one, and tiers given by hand."""
