# Mistake: a [SEP] in place of every line break.
def token_strings(tokenizer, text):
    return tokenizer(text.replace("\n", " [SEP] ")).tokens()
