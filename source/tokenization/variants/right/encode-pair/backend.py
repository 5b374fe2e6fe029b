# The Rust tokenizer with truncation and padding switched on for one call.
def encode_pair(tokenizer, first, second, max_length):
    backend = tokenizer.backend_tokenizer
    backend.enable_truncation(max_length=int(max_length), strategy="longest_first")
    backend.enable_padding(length=int(max_length), pad_id=tokenizer.pad_token_id, pad_token=tokenizer.pad_token)
    found = backend.encode(first, second)
    backend.no_truncation()
    backend.no_padding()
    return {"input_ids": found.ids, "token_type_ids": found.type_ids, "attention_mask": found.attention_mask}
