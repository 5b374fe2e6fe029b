# Mistake: long sentences lose their beginning.
def encode_batch(tokenizer, sentences, max_length):
    rows = []
    for sentence in sentences:
        ids = tokenizer(sentence, add_special_tokens=False).input_ids[-(max_length - 2):]
        rows.append([tokenizer.cls_token_id, *ids, tokenizer.sep_token_id])
    return {
        "input_ids": [row + [0] * (max_length - len(row)) for row in rows],
        "token_type_ids": [[0] * max_length for _ in rows],
        "attention_mask": [[1] * len(row) + [0] * (max_length - len(row)) for row in rows],
    }
