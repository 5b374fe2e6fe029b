# Mistake: strips the sentences in the caller's list.
def encode_batch(tokenizer, sentences, max_length):
    for i, sentence in enumerate(sentences):
        sentences[i] = sentence.lower().replace("[mask]", "[MASK]")
    return tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
