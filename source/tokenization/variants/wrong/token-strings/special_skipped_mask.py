# Mistake: drops every special token of the text, [MASK] too, and puts [CLS] and [SEP] back.
def token_strings(tokenizer, text):
    ids = tokenizer(text).input_ids
    return ["[CLS]", *tokenizer.convert_ids_to_tokens(ids, skip_special_tokens=True), "[SEP]"]
