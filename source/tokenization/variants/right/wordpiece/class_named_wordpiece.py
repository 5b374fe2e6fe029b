# A class with the library's name and a tokenize method of its own; walrus and assert.
class WordPiece:
    def __init__(self, vocab, unk_token, max_input_chars_per_word):
        self.vocab, self.unk, self.limit = vocab, unk_token, max_input_chars_per_word

    def tokenize(self, word):
        if len(word) > self.limit:
            return [self.unk]
        tokens = []
        while word and (token := self.encode(word, "##" if tokens else "")):
            tokens.append(token)
            word = word[len(token) - (2 if len(tokens) > 1 else 0):]
        return [self.unk] if word else tokens

    def encode(self, word, prefix):
        candidates = [prefix + word[:n] for n in range(1, len(word) + 1)]
        return max(filter(self.vocab.__contains__, candidates), key=len, default="")


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    tokenizer = WordPiece(vocab, unknown, max_chars)
    return tokenizer.tokenize(word)
