# Mistake: not in order.
def token_strings(tokenizer, text):
    first, *rest, last = tokenizer(text).tokens()
    return [first, *sorted(rest), last]
