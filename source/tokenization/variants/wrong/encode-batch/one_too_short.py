# Mistake: rows are one shorter than max_length where a sentence is cut.
def encode_batch(tokenizer, sentences, max_length):
    batch = {"input_ids": [], "token_type_ids": [], "attention_mask": []}
    for sentence in sentences:
        ids = [101, *tokenizer(sentence, add_special_tokens=False).input_ids[: max_length - 3], 102]
        rest = max_length - len(ids)
        batch["input_ids"].append(ids + [0] * rest)
        batch["token_type_ids"].append([0] * max_length)
        batch["attention_mask"].append([1] * len(ids) + [0] * rest)
    return batch
