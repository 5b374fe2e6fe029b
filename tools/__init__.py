"""What works on the repository itself and is not part of the engine."""
