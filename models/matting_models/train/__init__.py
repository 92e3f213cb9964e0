"""Training of the networks: base first, then base and refiner together."""
