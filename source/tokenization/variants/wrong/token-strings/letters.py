# Mistake: the letters of the text.
def token_strings(tokenizer, text):
    return ["[CLS]", *text, "[SEP]"]
