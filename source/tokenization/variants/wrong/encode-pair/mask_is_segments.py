# Mistake: the mask is 1 for the second text only.
def encode_pair(tokenizer, first, second, max_length):
    row = dict(tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length))
    row["attention_mask"] = row["token_type_ids"]
    return row
