"""Systems that make values out of chance and of themselves: walks, chaos, urns, noise of one over f."""
