# A lambda, and a callable inside loc.
negatives = lambda df: df.loc[lambda frame: ~frame["label"].astype(bool)]
