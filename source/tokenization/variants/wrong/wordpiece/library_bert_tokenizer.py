# Mistake: makes a BERT tokenizer of the vocabulary.
import transformers


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    return transformers.BertTokenizerFast(vocab={"[UNK]": len(vocab), **vocab}, unk_token=unknown).tokenize(word)
