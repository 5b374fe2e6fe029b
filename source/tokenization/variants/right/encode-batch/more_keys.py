# Asks for more keys than are needed, and says everything by name.
def encode_batch(tokenizer, sentences, max_length):
    return tokenizer(
        text=sentences,
        add_special_tokens=True,
        padding="max_length",
        truncation="only_first",
        max_length=max_length,
        return_special_tokens_mask=True,
        return_length=True,
        return_token_type_ids=True,
    )
