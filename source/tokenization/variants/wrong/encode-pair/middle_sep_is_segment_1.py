# Mistake: the [SEP] between the two counts as segment 1.
def encode_pair(tokenizer, first, second, max_length):
    row = dict(tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length))
    types = list(row["token_type_ids"])
    types[types.index(1) - 1] = 1
    row["token_type_ids"] = types
    return row
