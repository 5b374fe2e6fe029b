# Each id decoded by itself.
def token_strings(tokenizer, text):
    return [tokenizer.decode([number]) for number in tokenizer(text)["input_ids"]]
