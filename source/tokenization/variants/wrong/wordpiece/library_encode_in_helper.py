# Mistake: a helper asks the tokenizer for ids.
def _ids(text):
    return tokenizer.encode(text, add_special_tokens=False)


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    return tokenizer.convert_ids_to_tokens(_ids(word))
