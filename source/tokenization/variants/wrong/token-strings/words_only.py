# Mistake: words in lower case instead of the tokenizer's pieces.
def token_strings(tokenizer, text):
    return ["[CLS]", *text.lower().split(), "[SEP]"]
