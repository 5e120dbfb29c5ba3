"""Settings: every value a shop may set about its till, and the pages that are more than values."""
