# Each id looked up by itself in a loop.
def token_strings(tokenizer, text):
    strings = []
    for number in tokenizer.encode(text):
        strings.append(tokenizer.convert_ids_to_tokens(number))
    return strings
