"""The page that shows a session in a browser, and the server of it."""
