# Mistake: the WordPiece of transformers' Japanese BERT.
from transformers.models.bert_japanese.tokenization_bert_japanese import WordpieceTokenizer


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    return WordpieceTokenizer(vocab, unknown, int(max_chars)).tokenize(word)
