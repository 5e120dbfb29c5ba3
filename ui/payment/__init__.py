"""The payment screen: what is due, with what it is paid, and what a terminal said."""
