"""Photos beside records: small pictures in a row, one over the window, and making a file small."""
