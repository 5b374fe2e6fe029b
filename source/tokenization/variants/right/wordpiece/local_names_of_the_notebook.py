# Local variables that are called like things of the notebook, beside cells that use the tokenizer.
vocab = tokenizer.get_vocab()
pieces = tokenizer.tokenize("a word")
encoded = tokenizer.encode("a word")


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    pieces, encoded = [], 0
    if len(word) > max_chars:
        return [unknown]
    while encoded < len(word):
        for tokenizer in range(len(word), encoded, -1):
            if (text := ("##" if encoded else "") + word[encoded:tokenizer]) in vocab:
                pieces.append(text)
                encoded = tokenizer
                break
        else:
            return [unknown]
    return pieces
