# Mistake: cuts words, not tokens, and does not truncate.
def encode_batch(tokenizer, sentences, max_length):
    short = [" ".join(s.split()[: max_length - 2]) for s in sentences]
    return tokenizer(short, padding="max_length", max_length=max_length)
