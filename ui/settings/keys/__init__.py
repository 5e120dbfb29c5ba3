"""Keys: the page where a till chooses its keys, and the sheet of paper that names them."""
