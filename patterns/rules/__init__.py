"""Rules that a bar keeps, and the search that composes by them."""
