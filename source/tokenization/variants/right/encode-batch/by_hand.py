# Special tokens, truncation and padding by hand.
def encode_batch(tokenizer, sentences, max_length):
    ids, types, masks = [], [], []
    for sentence in sentences:
        body = tokenizer.encode(sentence, add_special_tokens=False)[: max_length - 2]
        row = [tokenizer.cls_token_id] + body + [tokenizer.sep_token_id]
        real = len(row)
        ids.append(row + [tokenizer.pad_token_id] * (max_length - real))
        masks.append([1] * real + [0] * (max_length - real))
        types.append([0] * max_length)
    return dict(input_ids=ids, token_type_ids=types, attention_mask=masks)
