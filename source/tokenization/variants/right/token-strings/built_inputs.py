# Pieces, ids, special tokens and strings again; a class with one method.
class Cutter:
    def __init__(self, tokenizer):
        self.tokenizer = tokenizer

    def __call__(self, text):
        t = self.tokenizer
        ids = t.convert_tokens_to_ids(t.tokenize(text))
        return t.convert_ids_to_tokens([t.cls_token_id, *ids, t.sep_token_id])


def token_strings(tokenizer, text):
    return Cutter(tokenizer)(text)
