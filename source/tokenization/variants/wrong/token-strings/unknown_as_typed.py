# Mistake: what the text says at a token's place instead of the token: capitals come back, ## and [UNK] disappear.
def token_strings(tokenizer, text):
    spans = tokenizer(text, return_offsets_mapping=True).offset_mapping[1:-1]
    return ["[CLS]", *(text[a:b] for a, b in spans), "[SEP]"]
