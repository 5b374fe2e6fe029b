# Mistake: the WordPiece of the tokenizers library.
from tokenizers import models


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    known = dict(vocab)
    known.setdefault(unknown, len(known))
    model = models.WordPiece(known, unk_token=unknown, max_input_chars_per_word=int(max_chars))
    return [token.value for token in model.tokenize(word)]
