# Mistake: skip_special_tokens leaves out [CLS], [SEP] and [UNK].
def token_strings(tokenizer, text):
    return tokenizer.convert_ids_to_tokens(tokenizer(text).input_ids, skip_special_tokens=True)
