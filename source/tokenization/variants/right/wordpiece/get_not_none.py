# vocab.get compared with None, ids first, and the strings from the ids.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if not word:
        return []
    if len(word) > max_chars:
        return [unknown]
    ids, where = [], 0
    while where < len(word):
        for stop in range(len(word), where, -1):
            number = vocab.get(("##" if where else "") + word[where:stop])
            if number is not None:
                ids.append(number)
                where = stop
                break
        else:
            return [unknown]
    strings = dict((number, piece) for piece, number in vocab.items())
    return [strings[number] for number in ids]
