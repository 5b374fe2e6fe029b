# Mistake: [SEP] is missing.
def token_strings(tokenizer, text):
    return ["[CLS]"] + tokenizer.tokenize(text)
