"""Why this price: the parts of one line's price, over the right column."""
