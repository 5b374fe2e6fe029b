# Mistake: each token is decoded by itself and loses its ##.
def token_strings(tokenizer, text):
    return [tokenizer.decode([i]).replace("##", "") for i in tokenizer(text).input_ids]
