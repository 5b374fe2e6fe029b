# The pieces without special tokens, and those added by hand.
def token_strings(tokenizer, text):
    return [tokenizer.cls_token] + tokenizer.tokenize(text) + [tokenizer.sep_token]
