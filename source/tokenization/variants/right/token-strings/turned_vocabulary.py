# The vocabulary turned round, from id to string.
def token_strings(tokenizer, text):
    names = {number: piece for piece, number in tokenizer.get_vocab().items()}
    return [names[number] for number in tokenizer(text)["input_ids"]]
