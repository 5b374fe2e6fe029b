# Mistake: a single sentence gives a flat list.
def encode_batch(tokenizer, sentences, max_length):
    text = sentences[0] if len(sentences) == 1 else sentences
    return tokenizer(text, padding="max_length", truncation=True, max_length=max_length)
