# Mistake: the WordPiece of transformers' older, slower tokenizers.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    from transformers.models.bert.tokenization_bert_legacy import WordpieceTokenizer

    return WordpieceTokenizer(vocab, unknown, int(max_chars)).tokenize(word)
