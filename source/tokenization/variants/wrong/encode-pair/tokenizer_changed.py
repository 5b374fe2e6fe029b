# Mistake: switches the padding side of the tokenizer and leaves it so.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length)
    tokenizer.padding_side = "left"
    return row
