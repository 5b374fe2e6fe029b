# Mistake: the segments are 1 and 2.
def encode_pair(tokenizer, first, second, max_length):
    row = dict(tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length))
    row["token_type_ids"] = [(t + 1) * m for t, m in zip(row["token_type_ids"], row["attention_mask"])]
    return row
