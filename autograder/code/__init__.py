"""What the code of a notebook says without being run: which names it reaches, which it may not use, what a person should look at."""
