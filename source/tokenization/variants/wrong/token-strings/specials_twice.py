# Mistake: adds [CLS] and [SEP], which the tokenizer has added already.
def token_strings(tokenizer, text):
    return ["[CLS]", *tokenizer(text).tokens(), "[SEP]"]
