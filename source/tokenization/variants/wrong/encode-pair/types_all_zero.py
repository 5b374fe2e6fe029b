# Mistake: all tokens are segment 0.
def encode_pair(tokenizer, first, second, max_length):
    row = dict(tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length))
    row["token_type_ids"] = [0] * int(max_length)
    return row
